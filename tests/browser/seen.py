"""What can be measured of a page as somebody sees it: sizes of targets, the focus, what is cut off."""

from playwright.sync_api import Page

LEAST = 44
"""Height and width of what is pressed, in CSS pixels. Links in running text are free of it, and the hours of a week in
their width: seven share a phone, and buttons mark many of them at once (both as WCAG 2.5.5 has it)."""

TARGETS = """least => {
  const label = one => one.closest('label') || document.querySelector(`label[for="${one.id}"]`);
  const pressed = one => one.matches('[type=checkbox], [type=radio]') && label(one) ? label(one) : one;
  const inText = one => {
    if (one.matches('a') && getComputedStyle(one).display === 'inline') {
      const around = one.parentElement.textContent.replace(one.textContent, '').trim();
      return around.length > 0;
    }
    return false;
  };
  const all = [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea')];
  return all.filter(one => one.checkVisibility({visibilityProperty: true}) && !inText(one)).flatMap(one => {
    const box = pressed(one).getBoundingClientRect();
    const narrow = box.width < least - 0.5 && !one.closest('.week__cell');
    const small = box.height < least - 0.5 || narrow;
    const off = box.width <= 1 || box.bottom + scrollY <= 0;
    return small && !off ? [`${one.outerHTML.slice(0, 90)} ${box.width.toFixed(0)}x${box.height.toFixed(0)}`] : [];
  });
}"""

CUT = """() => [...document.querySelectorAll('body *')].filter(one => {
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  if (box.width <= 1 || box.height <= 1 || !one.checkVisibility({visibilityProperty: true})) return false;
  if (one.closest('.visually-hidden, .table-scroll, svg, select, option, textarea, .skip')) return false;
  const hides = style.overflowX !== 'visible' && !one.matches('input, progress');
  return box.right > innerWidth + 1 || box.left < -1 || (hides && one.scrollWidth > one.clientWidth + 1);
}).map(one => one.outerHTML.slice(0, 90))"""

FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  if (one === document.body) return null;
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const there = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {what: one.outerHTML.slice(0, 90), ring, there};
}"""

MOTION = """() => [...document.querySelectorAll('*')].filter(one => {
  const style = getComputedStyle(one);
  const moves = [style.transitionDuration, style.animationDuration].some(text => /[1-9]/.test(text));
  return moves || style.scrollBehavior === 'smooth';
}).map(one => one.outerHTML.slice(0, 90))"""

FRAMELESS = """() => [...document.querySelectorAll('.button:not(.button--quiet), .choice, .card, select, .field input')]
  .filter(one => one.checkVisibility({visibilityProperty: true}))
  .filter(one => !one.matches('[type=hidden], .choice--plain, .week__cell *'))
  .filter(one => {
    const style = getComputedStyle(one);
    return style.appearance === 'none' || !one.matches('[type=checkbox], [type=radio]')
      ? parseFloat(style.borderTopWidth) < 1 || style.borderTopColor === style.backgroundColor
      : false;
  }).map(one => one.outerHTML.slice(0, 90))"""


def small_targets(page: Page) -> list[str]:
    """Links, buttons and fields outside running text that are smaller than a finger."""
    return list(page.evaluate(TARGETS, LEAST))


def cut_off(page: Page) -> list[str]:
    """What reaches beyond the window or the box that hides the rest; what scrolls on purpose is free of it."""
    return list(page.evaluate(CUT))


def moving(page: Page) -> list[str]:
    """What would move."""
    return list(page.evaluate(MOTION))


def lost_focus(page: Page, steps: int = 400) -> list[str]:
    """Tab through the whole page; where the focus could not be seen."""
    found: list[str] = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at is None:
            return found
        if not (at["ring"] and at["there"]):
            found.append(f"{at['what']} ring: {at['ring']}, in the window: {at['there']}")
    raise AssertionError(f"Tab did not come to an end in {steps} steps.")


def without_a_frame(page: Page) -> list[str]:
    """Buttons, choices, cards and fields that only a background told apart, which forced colours take away."""
    return list(page.evaluate(FRAMELESS))
