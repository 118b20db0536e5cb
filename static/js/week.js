// Makes the table of 168 check boxes quicker: paint with mouse, finger or shift and arrows, presets, copy a day.
// The boxes stay ordinary check boxes; without this file everything can still be ticked one by one.
const DAYS = 7;
const HOURS = 24;
const HOLD_MS = 220;

class Week {
  constructor(root) {
    this.root = root;
    this.table = root.querySelector("table");
    this.boxes = Array(DAYS * HOURS);
    for (const box of this.table.querySelectorAll("input")) this.boxes[Number(box.value)] = box;
    this.stroke = null;
    this.count = root.querySelector("[data-week-count]");
    root.querySelector("[data-week-tools]").hidden = false;
    this.roam();
    this.listen();
    this.tell();
  }

  box(day, hour) {
    return this.boxes[day * HOURS + hour];
  }

  place(box) {
    const value = Number(box.value);
    return { day: Math.floor(value / HOURS), hour: value % HOURS };
  }

  at(event) {
    const found = document.elementFromPoint(event.clientX, event.clientY);
    const cell = found && this.table.contains(found) ? found.closest("td") : null;
    return cell ? cell.querySelector("input") : null;
  }

  // One stop of the Tab key for the whole table: the arrows move inside.
  roam() {
    this.boxes.forEach((box, index) => (box.tabIndex = index === 0 ? 0 : -1));
  }

  focus(box) {
    for (const other of this.boxes) other.tabIndex = -1;
    box.tabIndex = 0;
    box.focus();
  }

  listen() {
    this.table.addEventListener("keydown", (event) => this.onKey(event));
    this.table.addEventListener("pointerdown", (event) => this.onDown(event));
    this.table.addEventListener("pointermove", (event) => this.onMove(event));
    // Once a finger paints, the page must not scroll away under it.
    this.table.addEventListener("touchmove", (event) => this.stroke?.painting && event.preventDefault(), { passive: false });
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => this.onUp());
    // The click that ends a stroke would tick the box once more; the space key also clicks, with detail 0.
    this.table.addEventListener("click", (event) => this.painted && event.detail > 0 && event.preventDefault(), true);
    this.table.addEventListener("contextmenu", (event) => this.stroke?.painting && event.preventDefault());
    this.table.addEventListener("change", () => this.tell());
    this.root.addEventListener("click", (event) => this.onTool(event));
  }

  onKey(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    if (!move || event.target.type !== "checkbox") return;
    event.preventDefault();
    const { day, hour } = this.place(event.target);
    const next = this.box(Math.min(DAYS - 1, Math.max(0, day + move[0])), Math.min(HOURS - 1, Math.max(0, hour + move[1])));
    if (event.shiftKey) next.checked = event.target.checked;
    this.focus(next);
    this.tell();
  }

  onDown(event) {
    this.painted = false;
    const box = event.target.type === "checkbox" ? event.target : null;
    if (!box || event.button !== 0) return;
    this.stroke = { from: box, before: this.boxes.map((each) => each.checked), mark: !box.checked, painting: false };
    if (event.pointerType === "touch") this.hold = setTimeout(() => this.paintTo(box), HOLD_MS);
    for (const other of this.boxes) other.tabIndex = other === box ? 0 : -1;
  }

  onMove(event) {
    if (!this.stroke) return;
    const box = this.at(event);
    if (!this.stroke.painting && (event.pointerType === "touch" || box === this.stroke.from)) return;
    if (box) this.paintTo(box);
  }

  onUp() {
    clearTimeout(this.hold);
    this.painted = Boolean(this.stroke?.painting);
    this.stroke = null;
    this.tell();
  }

  // Paints the rectangle from where the stroke began; what it no longer covers goes back to how it was.
  paintTo(box) {
    this.stroke.painting = true;
    const from = this.place(this.stroke.from);
    const to = this.place(box);
    this.boxes.forEach((each, value) => {
      const { day, hour } = this.place(each);
      const inside = (day - from.day) * (day - to.day) <= 0 && (hour - from.hour) * (hour - to.hour) <= 0;
      each.checked = inside ? this.stroke.mark : this.stroke.before[value];
    });
    this.tell();
  }

  onTool(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if ("preset" in button.dataset) this.preset(button.dataset.preset);
    if ("copy" in button.dataset) this.copy();
    this.tell();
  }

  // "0-4:18-22" marks Monday to Friday from 18:00 to 22:00; an empty preset clears the week.
  preset(text) {
    if (!text) {
      for (const box of this.boxes) box.checked = false;
      return;
    }
    const [days, hours] = text.split(":").map((range) => range.split("-").map(Number));
    for (let day = days[0]; day <= days[1]; day++) {
      for (let hour = hours[0]; hour < hours[1]; hour++) this.box(day, hour).checked = true;
    }
  }

  copy() {
    const from = Number(this.root.querySelector("[data-copy-from]").value);
    const [first, last] = this.root.querySelector("[data-copy-to]").value.split("-").map(Number);
    for (let day = first; day <= last; day++) {
      for (let hour = 0; hour < HOURS; hour++) this.box(day, hour).checked = this.box(from, hour).checked;
    }
  }

  tell() {
    const chosen = this.boxes.filter((box) => box.checked).length;
    const words = `${this.count.dataset.words} ${chosen}`;
    if (this.count.textContent !== words) this.count.textContent = words;
  }
}

for (const root of document.querySelectorAll("[data-week]")) new Week(root);
