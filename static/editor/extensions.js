// Our extensions of the text editor: pasting, and spell-checking in the language of the page.

import { Extension, Plugin } from "django-prose-editor/editor";
import { clean } from "./paste.js";

// Return a sentence, in the server's words, that says what a paste has lost.
function report(dropped, words, language) {
  const kinds = Object.keys(words).filter((kind) => dropped[kind]);
  if (!kinds.length) return "";
  const parts = kinds.map((kind) => words[kind][dropped[kind] > 1 ? 1 : 0].replace("%s", dropped[kind]));
  return words.sentence.replace("%s", new Intl.ListFormat(language, { type: "conjunction" }).format(parts));
}

export const Pasting = Extension.create({
  name: "pasting",

  addOptions() {
    return { leftOut: {} };
  },

  // Create the element for the message at the start: screen readers announce only text that we add to it later.
  onCreate() {
    this.storage.status = document.createElement("p");
    this.storage.status.setAttribute("role", "status");
    this.storage.status.className = "paste-report";
    this.editor.view.dom.closest(".prose-editor").after(this.storage.status);
  },

  onDestroy() {
    this.storage.status?.remove();
  },

  addProseMirrorPlugins() {
    const { leftOut } = this.options;
    const say = (dropped) => {
      this.storage.status.textContent = report(dropped, leftOut, document.documentElement.lang);
    };
    return [
      new Plugin({
        props: {
          transformPastedHTML(html) {
            if (html.includes("data-pm-slice")) { // copied from this editor or from another ProseMirror editor
              say({});
              return html;
            }
            const cleaned = clean(html);
            say(cleaned.dropped);
            return cleaned.html;
          },
          handlePaste(_view, event) {
            const data = event.clipboardData;
            const pictures = [...(data?.files ?? [])].length;
            if (!pictures || data.getData("text/plain") || data.getData("text/html")) return false;
            say({ picture: pictures });
            return true;
          },
        },
      }),
    ];
  },
});

// The page's language is a field of the same form; without such a field, the text is in the language of the admin.
export const Writing = Extension.create({
  name: "writing",

  addOptions() {
    return { rightToLeft: [] };
  },

  // If somebody typed in the plain text box before the editor was ready, put the cursor after their text.
  onCreate() {
    const plain = this.editor.view.dom.closest(".prose-editor").querySelector("textarea");
    if (plain.value !== plain.defaultValue) this.editor.commands.setTextSelection(this.editor.state.doc.content.size);
  },

  addProseMirrorPlugins() {
    const field = document.querySelector("#id_language");
    const { rightToLeft } = this.options;
    return [
      new Plugin({
        props: {
          attributes() {
            const language = field?.value || document.documentElement.lang;
            const isRightToLeft = rightToLeft.includes(language.split("-")[0]);
            return { spellcheck: "true", lang: language, dir: isRightToLeft ? "rtl" : "ltr" };
          },
        },
        view(view) {
          const refresh = () => view.dispatch(view.state.tr);
          field?.addEventListener("change", refresh);
          return { destroy: () => field?.removeEventListener("change", refresh) };
        },
      }),
    ];
  },
});
