// Adds thumbnails to lists of pictures. Pages load this script after select2 and before the script that starts select2.

function withThumbnail(choice) {
  const address = choice.thumbnail ?? choice.element?.dataset.thumbnail;
  if (!address) return choice.text;
  const image = document.createElement("img");
  image.src = address;
  image.alt = "";
  image.className = "choice-thumbnail";
  const row = document.createElement("span");
  row.append(image, choice.text);
  return django.jQuery(row);
}

const { defaults } = django.jQuery.fn.select2;
defaults.set("templateResult", withThumbnail);
defaults.set("templateSelection", withThumbnail);
