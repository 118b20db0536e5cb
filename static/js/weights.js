// A slider beside each number of points: quicker by mouse or finger; the number stays what is sent and what is read out.
for (const number of document.querySelectorAll(".weight input[type=number]")) {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = number.min;
  slider.max = number.max;
  slider.value = number.value;
  slider.tabIndex = -1;
  slider.setAttribute("aria-hidden", "true");
  slider.addEventListener("input", () => {
    number.value = slider.value;
  });
  number.addEventListener("input", () => {
    slider.value = number.value;
  });
  number.after(slider);
}
