// The head of every page: where one is, and where else one can go. more: what a page has there beside.
const PAGES = [["/", "live"], ["/plan", "plan"], ["/history", "history"], ["/teach", "teach"]];

export const bar = (here, more = "", inside = false) => `<header class="bar"><a class="brand" href="/">imu-tracker</a>
  <nav>${PAGES.map(([href, word]) => `<a href="${href}"${word === here ? ` aria-current="${inside ? "true" : "page"}"` : ""}>{{ t.${word} }}</a>`).join("")}</nav>${more}</header>`;

// What the server answers to a request for data; raises an Error with its sentence. said: what is sent, if anything is.
export async function data(path, said) {
  const answer = await fetch(`/data/${path}`, said === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(said) });
  const words = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(typeof words.why === "string" ? words.why : "That didn't work: the app doesn't answer as it should.");
  return words;
}
