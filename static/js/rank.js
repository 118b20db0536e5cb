// Puts the people suggested in order by buttons, or by dragging a card at its grip. The lists of places stay what is sent:
// without this file the same order is chosen there.
class Ranking {
  constructor(form) {
    this.form = form;
    this.says = form.querySelector("[data-rank-says]");
    this.cards = [...form.querySelectorAll("[data-rank]")];
    for (const card of this.cards) this.listen(card);
    this.arrange(this.chosen());
  }

  place(card) {
    return Number(card.querySelector("select").value);
  }

  chosen() {
    return this.cards.filter((card) => this.place(card) > 0).sort((one, other) => this.place(one) - this.place(other));
  }

  listen(card) {
    card.querySelector("[data-rank-up]").addEventListener("click", () => this.up(card));
    card.querySelector("[data-rank-down]").addEventListener("click", () => this.down(card));
    card.querySelector("select").addEventListener("change", () => this.picked(card));
    const grip = card.querySelector("[data-rank-grip]");
    grip.addEventListener("pointerdown", (event) => this.take(card, grip, event));
  }

  up(card) {
    const order = this.chosen();
    const at = order.indexOf(card);
    if (at === -1) order.push(card);
    else if (at > 0) order.splice(at - 1, 2, card, order[at - 1]);
    this.settle(order, card);
  }

  down(card) {
    const order = this.chosen();
    const at = order.indexOf(card);
    if (at === order.length - 1) order.pop();
    else if (at !== -1) order.splice(at, 2, order[at + 1], card);
    this.settle(order, card);
  }

  // A place that somebody else has is taken over; the others move along.
  picked(card) {
    const place = this.place(card);
    const order = this.chosen().filter((other) => other !== card);
    if (place > 0) order.splice(place - 1, 0, card);
    this.settle(order, card);
  }

  settle(order, card) {
    this.arrange(order);
    const [place] = card.querySelector("select").selectedOptions;
    this.says.textContent = `${card.dataset.rank}: ${place.text}`;
  }

  // The chosen ones first, in their order. A card that is moved loses the focus inside it, so it is given back.
  arrange(order) {
    const focused = document.activeElement;
    for (const card of this.cards) card.querySelector("select").value = String(order.indexOf(card) + 1);
    const others = [...this.form.querySelectorAll("[data-rank]")].filter((card) => !order.includes(card));
    const whole = [...order, ...others];
    if (whole.some((card, at) => this.shown()[at] !== card)) {
      const after = whole[0].parentNode.querySelector("[data-rank-end]");
      for (const card of whole) after.before(card);
      if (this.form.contains(focused)) focused.focus();
    }
  }

  shown() {
    return [...this.form.querySelectorAll("[data-rank]")];
  }

  take(card, grip, event) {
    if (event.button !== 0) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    card.classList.add("pick--held");
    const move = (moved) => this.over(card, moved.clientY);
    const drop = () => {
      grip.removeEventListener("pointermove", move);
      card.classList.remove("pick--held");
      this.dropped(card);
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("lostpointercapture", drop, { once: true });
  }

  // Shows where the card would stand: before the first one whose middle is below the pointer. Only the others move, as
  // a card that is taken out of the page would lose the pointer.
  over(card, y) {
    const others = this.shown().filter((other) => other !== card);
    const next = others.find((other) => y < other.getBoundingClientRect().top + other.offsetHeight / 2);
    const shown = this.shown();
    const before = next ? others.slice(0, others.indexOf(next)) : others;
    for (const other of before) if (shown.indexOf(other) > shown.indexOf(card)) card.before(other);
    for (const other of others.slice(before.length).reverse()) {
      if (shown.indexOf(other) < shown.indexOf(card)) card.after(other);
    }
  }

  // Whoever is dropped is chosen, at the place behind the chosen ones above.
  dropped(card) {
    const before = new Set(this.chosen());
    before.add(card);
    this.settle(this.shown().filter((one) => before.has(one)), card);
  }
}

for (const form of document.querySelectorAll("[data-ranking]")) new Ranking(form);
