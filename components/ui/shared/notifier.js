// Told which analyses are active; notifies when one has ended and nobody looks at the page.
// It asks for leave to do so only where something takes long, `asksIn` seconds from now: a report
// at once, an analysis that is expected to take some minutes, or that has taken them.
const seen = new Set();
let timer;
// The page that was shown last: at first the one that was loaded, however late this script came.
let shown = new URL(performance.getEntriesByType("navigation")[0].name).pathname;

export default function ({ data: [data], parentElement }) {
  closeMenu();
  nameMenu();
  const button = parentElement.querySelector(".ask");
  const active = new Set(data.active);
  const can = "Notification" in window && window.isSecureContext;
  const ask = () => {
    button.hidden = !(can && active.size && Notification.permission === "default");
  };
  clearTimeout(timer);
  button.hidden = true;
  if (data.asksIn) timer = setTimeout(ask, data.asksIn * 1000);
  else ask();
  button.onclick = async () => {
    await Notification.requestPermission();
    button.hidden = true;
  };
  for (const id of seen) {
    if (active.has(id)) continue;
    seen.delete(id);
    if (can && Notification.permission === "granted" && (document.hidden || !document.hasFocus())) {
      const note = new Notification("First Reader", { body: "An analysis has ended.", tag: id });
      note.onclick = () => { window.focus(); note.close(); };
    }
  }
  for (const id of active) seen.add(id);
}

// Streamlit puts a section between the list of pages and some of its entries, which is no HTML: who
// listens is told of a list without them. The section is made an entry, and what is in it parts.
let watched;
function nameMenu() {
  const sidebar = document.querySelector("[data-testid=stSidebar]");
  if (!sidebar || sidebar === watched) return;
  watched = sidebar;
  const name = () => {
    for (const section of sidebar.querySelectorAll("[data-testid=stSidebarNavItems] > div")) {
      section.setAttribute("role", "listitem");
      for (const entry of section.querySelectorAll(":scope > li")) entry.setAttribute("role", "none");
    }
  };
  new MutationObserver(name).observe(sidebar, { childList: true, subtree: true });
  name();
}

// On a narrow screen the navigation is in the sidebar, which lies over the page: Streamlit leaves it
// open when another page was chosen there.
function closeMenu() {
  if (location.pathname === shown) return;
  shown = location.pathname;
  if (!window.matchMedia("(max-width: 768px)").matches) return;
  const open = document.querySelector("[data-testid=stSidebar][data-collapsed=false]");
  open?.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
}
