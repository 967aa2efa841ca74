"""The map in a tab of its own: as wide as the window, and followed there as in the notebook.

Lab's side bar leaves 460 pixels to the map of a 900-pixel window, and its words are then 5 high.
"""

from __future__ import annotations

from html import escape

# The tab holds a copy: it lives as long as the notebook's map, and shows each of its frames.
_SCRIPT = """
const map = this.closest('.workbook-map'), image = map.querySelector('img');
const tab = window.open('', '_blank'), page = tab.document, copy = page.createElement('img');
page.title = this.title;
page.documentElement.lang = 'fr';
page.body.style.margin = 0;
copy.style.width = '100%';
page.body.append(copy);
const follow = () => {
  copy.src = image.src;
  copy.alt = map.querySelector('svg[aria-label]')?.getAttribute('aria-label') ?? '';
};
follow();
const watch = new MutationObserver(follow);
watch.observe(image, {attributes: true, attributeFilter: ['src']});
tab.addEventListener('pagehide', () => watch.disconnect());
"""


def open_large() -> str:
    """HTML of the button, for a `widgets.HTML` under the map."""
    return (
        '<button type="button" class="lm-Widget jupyter-widgets jupyter-button widget-button" '
        'style="width:132px" title="La boutique, en grand" '
        f'onclick="{escape(" ".join(_SCRIPT.split()))}">Ouvrir en grand</button>'
    )
