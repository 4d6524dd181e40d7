// Whom an @ may mean. While somebody writes @ and two letters, members who see this place are offered below the box:
// arrows choose, Enter or Tab puts the name in, Escape closes. The words are the same without any of this.

const NAMED = /(?:^|[^\w@])@([\p{L}\p{N}][\p{L}\p{N}’'-]*(?: [\p{L}\p{N}’'-]*)?)$/u;
const SHORTEST = 2;
const SOON_MS = 200;

function typed(box) {
  const before = box.value.slice(0, box.selectionStart);
  const found = box.selectionStart === box.selectionEnd && before.match(NAMED);
  return found && found[1].trim().length >= SHORTEST ? found[1] : null;
}

class Names {
  constructor(box, address) {
    this.box = box;
    this.address = address;
    this.list = this.made("ul", { id: `${box.id}-names`, role: "listbox", "aria-label": "Whom you may mean", className: "names" });
    this.said = this.made("p", { role: "status", className: "hush" });
    this.list.hidden = true;
    box.after(this.list, this.said);
    box.setAttribute("aria-autocomplete", "list");
    box.addEventListener("input", () => this.soon());
    box.addEventListener("keydown", (event) => this.press(event));
    box.addEventListener("blur", () => this.close());
    // A press must not take the focus out of the box, or the list would close before it is chosen from.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.put(event.target.closest("[role=option]")));
  }

  made(tag, { className, ...attributes }) {
    const element = document.createElement(tag);
    element.className = className;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  get isOpen() { return !this.list.hidden; }

  soon() {
    clearTimeout(this.waiting);
    if (!typed(this.box)) { this.close(); return; }
    this.waiting = setTimeout(() => this.ask().catch(() => this.close()), SOON_MS);
  }

  async ask() {
    const asked = typed(this.box);
    if (!asked) return;
    const answer = await fetch(`${this.address}?q=${encodeURIComponent(asked)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) { this.close(); return; }
    const { items } = await answer.json();
    if (typed(this.box) === asked) this.show(items);
  }

  show(items) {
    if (!items.length) { this.close(); return; }
    this.list.replaceChildren(...items.map((item, at) => this.option(item, at)));
    this.list.hidden = false;
    this.box.setAttribute("aria-controls", this.list.id);
    this.said.textContent = items.length === 1 ? "One name is offered below." : `${items.length} names are offered below.`;
    this.choose(this.list.firstElementChild);
  }

  option({ name, written }, at) {
    const option = this.made("li", { id: `${this.list.id}-${at}`, role: "option", "aria-selected": "false", className: "names__one" });
    option.textContent = name;
    option.dataset.written = written;
    return option;
  }

  choose(option) {
    for (const one of this.list.children) one.setAttribute("aria-selected", String(one === option));
    this.box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (!this.isOpen || event.isComposing) return;
    const chosen = this.list.querySelector("[aria-selected=true]");
    const steps = { ArrowDown: chosen.nextElementSibling ?? this.list.firstElementChild, ArrowUp: chosen.previousElementSibling ?? this.list.lastElementChild };
    if (steps[event.key]) this.choose(steps[event.key]);
    else if (event.key === "Enter" || event.key === "Tab") this.put(chosen);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  put(option) {
    const asked = typed(this.box);
    if (!option || asked === null) return;
    const end = this.box.selectionStart;
    this.box.setRangeText(`${option.dataset.written} `, end - asked.length - 1, end, "end");
    this.close();
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(this.waiting);
  }

  close() {
    clearTimeout(this.waiting);
    this.list.hidden = true;
    this.said.textContent = "";
    this.box.removeAttribute("aria-activedescendant");
    this.box.removeAttribute("aria-controls");
  }
}

for (const form of document.querySelectorAll("form[data-names]")) {
  const box = form.querySelector("textarea");
  if (box) new Names(box, form.dataset.names);
}
