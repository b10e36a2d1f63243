// The range and the number beside it say the same; only the number has a name and is sent.
document.addEventListener("input", (event) => {
  const slider = event.target.closest("[data-slider]");
  if (!slider) return;
  const range = slider.querySelector("input[type=range]");
  const number = slider.querySelector("input:not([type=range])");
  if (event.target === range) {
    number.value = range.value;
    number.dispatchEvent(new Event("change", { bubbles: true }));
  } else {
    range.value = number.value || 0;
  }
});
