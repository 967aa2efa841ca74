"use strict";
// Puts recorded values in their place; draws nothing by itself.
const data = JSON.parse(document.getElementById("film").textContent);
const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const slider = find("#moment"), play = find("#play"), told = find("#told"), chooser = find("#request"), clock = find("#clock");
const figures = all("figure.run");
const runs = data.runs.map((run, i) => ({
  ...run,
  figure: figures[i],
  elements: [...find("svg > g", figures[i]).children],
  shown: run.tracks.map(() => -1),
}));
// One slider for all: every moment of any run.
const moments = [...new Set(runs.flatMap((run) => run.moments))].sort((a, b) => a - b);
const last = moments.length - 1;
const firstFrom = (at) => { const i = moments.findIndex((m) => m >= at - 0.0005); return i < 0 ? last : i; };
const French = (seconds) => seconds.toLocaleString("fr-FR", {maximumFractionDigits: 1});
let frame = 0, timer = null, step = null;

function write(label, words) {
  const size = +label.getAttribute("font-size"), lines = words.split("\n");
  const first = +label.getAttribute("y") + size * (data.middle - data.line * (lines.length - 1) / 2);
  label.replaceChildren(...lines.map((line, i) => {
    const span = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
    span.setAttribute("x", label.getAttribute("x"));
    span.setAttribute("y", first + i * data.line * size);
    span.textContent = line;
    return span;
  }));
}

function put(element, name, value) {
  if (name === "text") return write(element, value);
  element.setAttribute(name, value);
  if (name === "font-size") write(element, [...element.children].map((s) => s.textContent).join("\n"));
}

// The last entry of a track at or before a frame: [frame, value, frame, value …].
function valueAt(track, at) {
  let low = 0, high = track.length / 2 - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (track[2 * middle] <= at) low = middle; else high = middle - 1;
  }
  return track[2 * low + 1];
}

function showRun(run) {
  const at = run.moments.findLastIndex((moment) => moment <= moments[frame]);
  run.tracks.forEach(([place, name, track], i) => {
    const value = valueAt(track, at);
    if (value === run.shown[i]) return;
    run.shown[i] = value;
    put(run.elements[place], name, run.values[value]);
  });
  const words = run.words[valueAt(run.said, at)];
  find(".now", run.figure).textContent = `${French(moments[frame])} s : ${words}.`;
  find("svg", run.figure).setAttribute("aria-label", `Carte à ${French(moments[frame])} s : ${words}.`);
}

function show(next) {
  frame = Math.max(0, Math.min(last, next));
  runs.forEach(showRun);
  slider.value = frame;
  const said = `${French(moments[frame])} s sur ${French(moments[last])} s`;
  slider.setAttribute("aria-valuetext", said);
  clock.textContent = said;
  for (const row of rows) row.classList.toggle("current", row.frame === frame);
}

// While it plays, a screen reader is told nothing: thirty sentences a minute help nobody.
function speak(loud) {
  for (const line of all(".now")) line.setAttribute("aria-live", loud ? "polite" : "off");
}

function stop() {
  clearTimeout(timer);
  timer = null;
  play.textContent = "▶ Lire";
  speak(true);
}

function start() {
  if (frame === last) show(0);
  speak(false);
  play.textContent = "⏸ Pause";
  next();
}

// At the incident's own pace, at most twice a second.
function next() {
  if (frame === last) return stop();
  const pause = Math.min(500, 1000 * (moments[frame + 1] - moments[frame]));
  timer = setTimeout(() => { show(frame + 1); next(); }, pause);
}

function jump(direction) {
  stop();
  const frames = rows.map((row) => row.frame).sort((a, b) => a - b);
  const next = direction > 0 ? frames.find((f) => f > frame) : frames.reverse().find((f) => f < frame);
  show(next ?? (direction > 0 ? last : 0));
  const row = rows.find((each) => each.frame === frame);
  if (row) reveal(row);
}

// Say an event; on a narrow screen the map scrolls: bring what it is about into view.
function reveal(row) {
  told.hidden = false;
  told.textContent = row.lastElementChild.textContent;
  const run = runs[+row.dataset.run], place = run.places[row.dataset.node];
  const box = find(".map", run.figure), width = find("svg", box).clientWidth;
  if (place && width > box.clientWidth) box.scrollLeft = (place[0] / run.width) * width - box.clientWidth / 2;
}

const rows = all(".events tbody tr");
for (const row of rows) {
  row.frame = firstFrom(+row.dataset.at);
  const cell = find(".at", row), button = document.createElement("button");
  button.type = "button";
  button.textContent = cell.textContent;
  button.addEventListener("click", () => { stop(); show(row.frame); reveal(row); });
  cell.replaceChildren(button);
}

const nextStep = find("#step");
function way(run, edge, failed) {
  const line = find(".way", run.figure);
  line.setAttribute("d", edge === null ? "" : run.edges[edge]);
  line.classList.toggle("on", edge !== null);
  line.classList.toggle("failed", failed);
}

function follow() {
  for (const run of runs) way(run, null, false);
  nextStep.hidden = told.hidden = chooser.value === "";
  if (chooser.value === "") { step = null; return; }
  const [run, number] = chooser.value.split("-").map(Number);
  step = {run: runs[run], request: runs[run].requests[number], at: -1};
  stop();
  show(firstFrom(step.request.at));
  advance();
}

function advance() {
  const {request, run} = step;
  step.at = (step.at + 1) % request.steps.length;
  const [words, edge, failed] = request.steps[step.at];
  way(run, edge, failed);
  told.textContent = `${step.at + 1} sur ${request.steps.length} : ${words}`;
}

slider.max = last;
slider.addEventListener("input", () => { stop(); show(+slider.value); });
play.addEventListener("click", () => (timer ? stop() : start()));
find("#before").addEventListener("click", () => jump(-1));
find("#after").addEventListener("click", () => jump(1));
chooser.addEventListener("change", follow);
nextStep.addEventListener("click", advance);
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("select")) return;
  const act = {n: () => jump(1), p: () => jump(-1), s: () => step && advance()}[event.key];
  if (act) act();
  else if (event.key === " " && event.target === document.body) { event.preventDefault(); play.click(); }
});
find(".panel").hidden = false;
show(0);
speak(true);
