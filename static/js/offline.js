// Registers the service worker, says how old a kept page is, and forgets everything when one signs out.
(() => {
  const root = document.documentElement;
  // The browser also calls itself online when no server can be reached: only an answer counts.
  const whenBack = (act) => window.addEventListener("online", () => fetch("/offline/", { cache: "no-store" }).then(act).catch(() => null));
  const ours = (key) => key.startsWith("outbox:") || key.startsWith("visited:") || key.startsWith("unsaved:");

  // On the page behind the door: nothing personal stays on this device. Clear-Site-Data does the same over HTTPS.
  if (document.querySelector("[data-forget]")) {
    for (const store of [localStorage, sessionStorage]) Object.keys(store).filter(ours).forEach((key) => store.removeItem(key));
    window.indexedDB?.deleteDatabase("outbox");
    window.caches?.keys().then((names) => names.filter((name) => name.startsWith("pages-")).forEach((name) => caches.delete(name)));
  }

  const bar = document.getElementById("as-of");
  if (root.dataset.keptAt && bar) {
    const when = new Date(root.dataset.keptAt).toLocaleString(root.lang, { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
    bar.textContent = bar.dataset.text.replace("{when}", when);
    bar.hidden = false;
    // Back in the network and all sent, the page is read anew unless something stands in it that only it knows.
    whenBack(async () => {
      await window.outbox?.send();
      if (!document.querySelector("form :focus")) location.reload();
    });
  }

  // The page for the time without a network: what can still be read.
  const list = document.querySelector("[data-kept-pages]");
  if (list && window.caches) {
    (async () => {
      for (const name of (await caches.keys()).filter((each) => each.startsWith("pages-"))) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          const title = (await (await cache.match(request)).text()).match(/<title>([^<]*)/)?.[1] ?? request.url;
          const link = document.createElement("a");
          link.href = request.url;
          link.textContent = new DOMParser().parseFromString(title, "text/html").body.textContent.trim();
          const line = document.createElement("li");
          line.append(link);
          list.append(line);
        }
      }
      list.previousElementSibling.hidden = !list.children.length;
    })();
    whenBack(() => location.reload());
  }

  if (!navigator.serviceWorker) return;
  const wasSeen = Boolean(navigator.serviceWorker.controller);
  window.addEventListener("load", async () => {
    await navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => null);
    if (wasSeen || !document.querySelector("meta[name=keep-offline]")) return;
    (await navigator.serviceWorker.ready).active.postMessage({ keep: location.href });
  });
})();
