// A list of which one row is chosen, by pointer or by keys. What rows say is text, never markup.
const LATER = 180; // ms: held arrow keys ask once, where they end

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const list = parentElement.querySelector(".list");
  const state = (list.state ??= { rows: "", chosen: null, scroll: "", asked: false, timer: 0 });
  list.setAttribute("aria-label", data.label);

  const rows = JSON.stringify(data.rows);
  if (rows !== state.rows) {
    state.rows = rows;
    list.replaceChildren(...data.rows.map(row));
  }
  state.choose = (id) => {
    state.asked = true;
    setTriggerValue("chosen", id);
  };
  select(list, data.chosen);

  list.onclick = (event) => {
    const item = event.target.closest("[data-id]");
    if (item) move(list, item, 0);
  };
  list.onkeydown = (event) => {
    const items = [...list.children];
    const at = items.findIndex((item) => item.ariaSelected === "true");
    const to = {
      ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10,
      Home: 0, End: items.length - 1,
    }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(list, items[Math.min(Math.max(to, 0), items.length - 1)], LATER);
  };

  // What was chosen in the list, or named by the address, is brought into view.
  if (data.scroll && data.scroll !== state.scroll) bring(".fr-at", "center");
  else if (state.asked && data.below && state.chosen !== data.chosen) bring(data.below, "start");
  state.asked = false;
  state.scroll = data.scroll;
  state.chosen = data.chosen;
}

function row(one) {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  item.id = `row-${one.id}`;
  item.dataset.id = one.id;
  item.className = one.look;
  for (const name of ["heading", "words", "kind", "begins"]) {
    if (!one[name]) continue;
    const part = document.createElement("span");
    part.className = name;
    part.dir = "auto";
    part.textContent = one[name];
    item.append(part);
  }
  return item;
}

function select(list, id) {
  for (const item of list.querySelectorAll('[aria-selected="true"]')) item.ariaSelected = "false";
  const item = list.querySelector(`[data-id="${Number(id)}"]`);
  if (!item) return list.removeAttribute("aria-activedescendant");
  item.ariaSelected = "true";
  list.setAttribute("aria-activedescendant", item.id);
  const over = item.offsetTop - list.offsetTop - list.scrollTop;
  const room = list.clientHeight - item.offsetHeight;
  if (over < 0) list.scrollTop += over - 8;
  else if (over > room) list.scrollTop += over - room + 8;
}

function move(list, item, wait) {
  select(list, item.dataset.id);
  clearTimeout(list.state.timer);
  list.state.timer = setTimeout(() => list.state.choose(Number(item.dataset.id)), wait);
}

// The page puts it there a moment later, and text above it moves it.
function bring(selector, block, tries = 40) {
  const there = document.querySelector(selector);
  const stale = there?.closest('[data-stale="true"]');
  if (there && !stale) {
    const { top, height } = there.getBoundingClientRect();
    if (block === "start" && top >= 0 && top < window.innerHeight / 2) return;
    there.scrollIntoView({ block: height > window.innerHeight / 2 ? "start" : block });
    return;
  }
  if (tries) setTimeout(() => bring(selector, block, tries - 1), 50);
}
