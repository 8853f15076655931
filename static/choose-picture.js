// Thumbnails in lists of pictures. Loaded between select2 and the admin's script that starts it.

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
