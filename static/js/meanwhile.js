// A page that could not be asked about (no network, signed out) says nothing: it asks again in a minute.
document.body.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.headers["X-By-Itself"] && (document.hidden || document.querySelector(".x-meanwhile-bar"))) event.preventDefault();
});
