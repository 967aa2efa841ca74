"""What a screen reader, a keyboard or a weak eye meets in an open notebook, asked of its page."""

# Every cell in the page at once: Lab only keeps those near the window.
SHOW_ALL = """() => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.notebookConfig = {...notebook.notebookConfig, windowingMode: "none"};
}"""

# Pictures of the outputs that have neither an alternative, nor words beside or after them.
MUTE = """() => {
  const said = element => element?.querySelector(".workbook-words p")?.textContent.trim();
  return [...document.querySelectorAll(".jp-OutputArea-output img, .jp-RenderedMarkdown img")]
    .filter(image => {
      const output = image.closest(".jp-OutputArea-child");
      return !image.alt && !output?.querySelector("svg[aria-label]")
        && !said(output?.nextElementSibling);
    }).map(image => image.outerHTML.slice(0, 200));
}"""

# Outputs with a picture, and what the next one says.
SPOKEN = """() => [...document.querySelectorAll(".jp-OutputArea-child")]
  .filter(output => output.querySelector("img"))
  .map(output => output.nextElementSibling?.querySelector(".workbook-words p")?.textContent)"""

HEADINGS = """() => [...document.querySelectorAll(
    ".jp-Notebook :is(h1, h2, h3, h4, h5, h6, [role=heading])")]
  .map(heading => [Number(heading.ariaLevel ?? heading.tagName[1]), heading.textContent.trim()])"""

# What has the focus: its words, whether it shows that it has it, and its output.
FOCUSED = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return {
    name: (element.textContent.trim() || element.ariaLabel || element.title || element.role
           || element.tagName).slice(0, 60),
    visible: shown || style.boxShadow !== "none",
    tag: element.tagName,
  };
}"""

# The texts of our outputs whose colour is too near to what is behind them.
FAINT = """() => {
  const layers = colour => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => c * a + under[i] * (1 - a));
  const ground = element => {
    if (!element) return [255, 255, 255];
    const colour = layers(getComputedStyle(element).backgroundColor);
    return colour[3] === 1 ? colour.slice(0, 3) : over(colour, ground(element.parentElement));
  };
  const light = colour => colour.map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = element => {
    const behind = ground(element);
    const ink = over(layers(getComputedStyle(element).color), behind);
    const [dark, bright] = [light(ink), light(behind)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const ours = ".workbook-words, .workbook-map, .jp-OutputArea-output table, "
    + ".jp-OutputArea-output [role=group]";
  const found = new Map();
  for (const root of document.querySelectorAll(ours)) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement, words = walker.currentNode.data.trim();
      if (!words || element.closest("svg, style")) continue;
      found.set(words.slice(0, 60), contrast(element));
    }
  }
  return [...found].filter(([, value]) => value < 4.5);
}"""

COUNT_TEXTS = """() => document.querySelectorAll(".workbook-words, [role=group]").length"""
