"""Pages that combine several apps. Besides `campaign.urls`, only this package may import all of them."""
