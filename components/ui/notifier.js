// Told which analyses are active; notifies when one has ended and nobody looks at the page.
// It asks for leave to do so only where something runs that this page does not show, or that takes
// longer than a minute.
const LONG = 60_000;
const seen = new Set();
let timer;

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector(".ask");
  const active = new Set(data.active);
  const can = "Notification" in window && window.isSecureContext;
  const ask = () => {
    button.hidden = !(can && active.size && Notification.permission === "default");
  };
  clearTimeout(timer);
  button.hidden = true;
  if (data.elsewhere) ask();
  else if (active.size) timer = setTimeout(ask, LONG);
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
