// The service worker: our own files by their hashed addresses, a page for the time without a network, and the
// pages that the server allows to be kept (core/offline.py). No other page is ever stored.
const ASSETS = "assets-1";
const FRAME = "frame-1"; // the offline page
const PAGES = "pages-"; // followed by whose they are
const OFFLINE = "/offline/";
const KEEP = "X-Keep-Offline";
const KEPT_AT = "X-Kept-At";
const MOST_ASSETS = 150;

const isHashed = (url) => /\.[0-9a-f]{12}\.[a-z0-9]+$/.test(url.pathname);

self.addEventListener("install", (event) => event.waitUntil(prepare()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function prepare() {
  const page = await fetch(OFFLINE, { cache: "reload" });
  if (!page.ok) throw new Error("no offline page");
  await (await caches.open(FRAME)).put(OFFLINE, page.clone());
  await keepAssetsOf(await page.text());
  await self.skipWaiting();
}

async function takeOver() {
  const known = (name) => name === ASSETS || name === FRAME || name.startsWith(PAGES);
  await Promise.all((await caches.keys()).filter((name) => !known(name)).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// --- Our own files

async function keepAssetsOf(html) {
  const found = [...html.matchAll(/(?:href|src)="(\/static\/[^"#?]+)/g)].map((match) => match[1]);
  await Promise.all([...new Set(found)].map((address) => asset(new Request(address)).catch(() => null)));
}

async function asset(request) {
  const cache = await caches.open(ASSETS);
  const url = new URL(request.url);
  const kept = await cache.match(url.pathname);
  if (kept && isHashed(url)) return kept;
  try {
    const response = await fetch(request);
    if (response.ok) {
      await cache.put(url.pathname, response.clone());
      const all = await cache.keys();
      await Promise.all(all.slice(0, Math.max(all.length - MOST_ASSETS, 0)).map((old) => cache.delete(old)));
    }
    return response;
  } catch (error) {
    if (kept) return kept; // while developing, addresses carry no hash
    throw error;
  }
}

// --- Pages

// One after another: of two at once, the one would trip over what the other has just thrown away.
let keeping = Promise.resolve();

function keep(response, address) {
  keeping = keeping.then(() => store(response, address)).catch(() => null);
  return keeping;
}

async function store(response, address) {
  const [whose, kind] = (response.headers.get(KEEP) ?? "").split(":");
  if (!kind || response.redirected) return;
  const name = PAGES + whose;
  // One person's pages at a time, and the last one of each kind.
  await Promise.all((await caches.keys()).filter((other) => other.startsWith(PAGES) && other !== name).map((other) => caches.delete(other)));
  const cache = await caches.open(name);
  const html = await response.text();
  await keepAssetsOf(html); // first, so that a page that is kept can also be shown
  for (const request of await cache.keys()) {
    const old = await cache.match(request);
    if (old.headers.get(KEEP) === response.headers.get(KEEP)) await cache.delete(request);
  }
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  await cache.put(address, new Response(html, { headers }));
}

async function keptPage(address) {
  for (const name of await caches.keys()) {
    const kept = name.startsWith(PAGES) && (await (await caches.open(name)).match(address));
    if (!kept) continue;
    // The page says itself how old it is (js/offline.js).
    const html = (await kept.text()).replace("<html ", `<html data-kept-at="${kept.headers.get(KEPT_AT)}" `);
    return new Response(html, { headers: kept.headers });
  }
  return (await caches.match(OFFLINE)) ?? Response.error();
}

async function page(event) {
  const address = event.request.url.split("#")[0];
  try {
    const response = await fetch(event.request);
    if (response.ok && response.headers.has(KEEP)) event.waitUntil(keep(response.clone(), address));
    return response;
  } catch {
    return keptPage(address);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
});

// The very first visit was not seen by this worker: the page asks to be kept all the same.
self.addEventListener("message", (event) => {
  if (event.data?.keep !== event.source?.url) return;
  const address = event.data.keep.split("#")[0];
  event.waitUntil(fetch(address, { credentials: "same-origin" }).then((response) => response.ok && response.headers.has(KEEP) && keep(response, address)).catch(() => null));
});
