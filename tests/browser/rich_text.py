"""Typing into the rich text editor in a browser."""

# The editor notices a little later where the browser has moved the caret, and what it has typed. People are slower than
# that, but tests aren't: the next key would act on the old place. When it gets the focus, it also sets a timer of 20 ms
# that may put the caret back. Browsers run timers in the order in which they are due, so we wait for a longer one.
HAS_NOTICED = """async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { view } = document.activeElement.closest(".ProseMirror").editor;
  const isUpToDate = () => {
    const [browser, editor] = [getSelection(), view.state.selection];
    const [anchor, head] = [[browser.anchorNode, browser.anchorOffset], [browser.focusNode, browser.focusOffset]];
    return view.posAtDOM(...anchor) === editor.anchor && view.posAtDOM(...head) === editor.head;
  };
  for (let frame = 0; frame < 600; frame++) {
    if (isUpToDate()) return true;
    await new Promise(requestAnimationFrame);
  }
  return false;
}"""


def enter(page, editor):
    """Give an editor the focus, and wait until it has noticed."""
    editor.focus()
    wait_until_noticed(page)


def press(page, key):
    """Press a key in an editor that has the focus, and wait until the editor has noticed."""
    page.keyboard.press(key)
    wait_until_noticed(page)


def write(page, text):
    """Type text in an editor that has the focus, and wait until the editor has noticed."""
    page.keyboard.type(text)
    wait_until_noticed(page)


def wait_until_noticed(page):
    """Wait until the editor that has the focus knows what the browser has typed and selected."""
    assert page.evaluate(HAS_NOTICED), "the editor hasn't noticed where the caret is"
