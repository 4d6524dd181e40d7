// Who is here: counted always, named only if they chose so. It may miss something; then the whole list is asked for.

export class People {
  constructor(page, me) {
    this.list = page.querySelector("[data-people]");
    this.count = page.querySelector("[data-count]");
    this.pattern = document.querySelector("template[data-person-line]");
    this.me = me;
    this.version = null;
  }

  /** The whole list. */
  show({ v, count, people }) {
    this.version = v;
    this.sayCount(count);
    if (!this.list) return;
    const own = this.list.querySelector(`[data-person="${this.me}"]`);
    this.list.replaceChildren(...people.filter((one) => one.id !== this.me).map((one) => this.line(one)), ...(own ? [own] : []));
  }

  /** A difference; false when one before it was missed. */
  change(told) {
    if (told.v <= this.version) return true;
    if (this.version === null || told.v !== this.version + 1) return false;
    this.version = told.v;
    this.sayCount(told.count);
    if (!this.list) return true;
    for (const id of told.out) if (id !== this.me) this.find(id)?.remove();
    for (const one of told.in) if (!this.find(one.id)) this.list.append(this.line(one));
    return true;
  }

  find(id) { return this.list.querySelector(`[data-person="${id}"]`); }

  sayCount(count) {
    if (this.count) this.count.textContent = count === 1 ? "You have the room open." : `${count} people have the room open.`;
  }

  line(one) {
    const line = this.pattern.content.firstElementChild.cloneNode(true);
    line.dataset.person = one.id;
    line.querySelector(".arch").setAttribute("class", `arch arch--s tone-${one.tone}`);
    line.querySelector("use").setAttribute("href", `#a-${one.figure}`);
    line.querySelector("span").textContent = one.name;
    line.querySelector(".chip").hidden = !one.guide;
    return line;
  }
}
