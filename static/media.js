// The media library: refuses files that are too large before the browser sends them, shows a picture before it is
// saved, and moves its main point on a click. Without this script, the server refuses large files, and the sliders
// still work.

document.addEventListener("DOMContentLoaded", () => {
  const upload = document.querySelector("input[type=file][data-max-bytes]");
  const preview = document.querySelector(".focal-point");
  const sliders = ["id_focus_x", "id_focus_y"].map((id) => document.getElementById(id));

  const note = document.createElement("p");
  note.className = "upload-error";
  note.setAttribute("role", "alert");
  upload?.after(note);

  upload?.addEventListener("change", () => {
    const [file] = upload.files;
    const tooLarge = file && file.size > Number(upload.dataset.maxBytes);
    note.textContent = tooLarge ? upload.dataset.tooLarge : "";
    if (tooLarge) {
      upload.value = ""; // otherwise the server would refuse the whole form
      return;
    }
    if (preview && file) show(file);
  });

  if (!preview || sliders.includes(null)) return;
  const image = preview.querySelector("img");
  const ring = preview.querySelector(".focal-ring");

  function show(file) {
    const reader = new FileReader();
    reader.addEventListener("load", () => { image.src = reader.result; });
    reader.readAsDataURL(file);
  }

  function place() {
    ring.hidden = image.hidden;
    ring.style.left = `${sliders[0].value}%`;
    ring.style.top = `${sliders[1].value}%`;
  }

  // Not all browsers can show HEIC. In those that can't, the sliders work without the picture.
  image.addEventListener("load", () => { image.hidden = false; place(); });
  image.addEventListener("error", () => { image.hidden = true; place(); });
  image.addEventListener("click", (event) => {
    const box = image.getBoundingClientRect();
    sliders[0].value = ((event.clientX - box.left) / box.width) * 100;
    sliders[1].value = ((event.clientY - box.top) / box.height) * 100;
    place();
  });
  for (const slider of sliders) slider.addEventListener("input", place);
  place();
});
