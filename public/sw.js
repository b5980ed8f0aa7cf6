// The service worker: the app opens without a network, and a new version waits until it is asked in.
//
// It knows nothing of the shop's data: /api is never touched, records live in IndexedDB. tools/post_build.mjs
// fills in the two lines below; the precache is [url, content hash] pairs, because Trunk does not put hashes
// into the names of worker binaries and copied files.
const REVISION = "dev";
const PRECACHE = [];

const CACHE = "dukandar-" + REVISION;
const SHARED = "dukandar-shared";
const SHARED_FILE = "/shared-file";
const hashes = new Map(PRECACHE);
// Under this key a file of one content is the same entry in every version's cache.
const keyOf = (url) => new Request(url + "?content=" + hashes.get(url));

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

async function install() {
  const cache = await caches.open(CACHE);
  const wanted = [...hashes.keys()];
  // A few at a time: a cheap phone on a shop's network drops some of forty parallel requests.
  const lanes = Array.from({ length: 6 }, async () => {
    for (let url = wanted.shift(); url !== undefined; url = wanted.shift()) await keep(cache, url);
  });
  // One file that cannot be had fails the install: half a version is never activated.
  await Promise.all(lanes);
}

async function keep(cache, url) {
  const key = keyOf(url);
  const reused = await caches.match(key);
  if (reused) return cache.put(key, reused);
  const response = await fetch(url, { cache: "no-cache", credentials: "same-origin" });
  if (!response.ok) throw new Error(url + " answered " + response.status);
  await cache.put(key, response);
}

self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("dukandar-") && name !== CACHE && name !== SHARED) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  // Sent by the update banner when a tap accepts the new version.
  if (event.data === "skip-waiting") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || url.pathname.startsWith("/api/")) return;
  if (request.method === "POST" && url.pathname === "/stock/import") {
    event.respondWith(receiveShare(request));
    return;
  }
  if (request.method !== "GET") return;
  if (url.pathname === SHARED_FILE) {
    event.respondWith(handOutShare());
  } else if (request.mode === "navigate") {
    // Any address of the app is the same page; the server's own pages are not the app's.
    if (isServerPage(url.pathname)) return;
    event.respondWith(cached("/", request));
  } else if (hashes.has(url.pathname)) {
    event.respondWith(cached(url.pathname, request));
  }
});

// /trust is the page from which phones in the shop's network take the certificate; a path with a dot is a file.
function isServerPage(path) {
  return path === "/health" || path === "/trust" || path.startsWith("/trust/") || /\.[a-z0-9]+$/i.test(path);
}

async function cached(url, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(keyOf(url))) ?? fetch(request);
}

// A CSV shared from another app (the manifest's share_target): kept until the import page asks for it.
async function receiveShare(request) {
  const form = await request.formData();
  const file = form.get("file");
  if (file instanceof File) {
    const cache = await caches.open(SHARED);
    await cache.put(SHARED_FILE, new Response(file, {
      headers: { "content-type": file.type || "text/csv", "x-file-name": encodeURIComponent(file.name) },
    }));
  }
  return Response.redirect("/stock/import?shared=1", 303);
}

async function handOutShare() {
  const cache = await caches.open(SHARED);
  const file = await cache.match(SHARED_FILE);
  await cache.delete(SHARED_FILE);
  return file ?? new Response(null, { status: 404 });
}
