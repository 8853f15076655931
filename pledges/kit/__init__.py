"""What people spread a pledge with: a picture for shared links, a QR code, a poster. Made anew as the count moves."""
