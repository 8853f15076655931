// Carry the tag in this page's address (?via=) on to pledges and updates, so that a signature there still counts for it.
// Nothing is stored, and nothing is sent.

const tag = new URLSearchParams(location.search).get("via");
if (tag && /^[a-z0-9-]{1,50}$/i.test(tag)) {
  for (const link of document.querySelectorAll('a[href^="/pledges/"], a[href^="/updates/"]')) {
    const url = new URL(link.href);
    url.searchParams.set("via", tag);
    link.href = url;
  }
}
