// Draws each [data-chart] from the JSON beside it. The colours are our tokens, so that theme and paper just work.
const ink = "var(--x-ink-soft)";
const colours = ["var(--x-accent)", "var(--x-info)"];
const text = { color: ink, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 14 };
const line = { lineStyle: { color: "var(--x-line)" } };
const quiet = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function option({ kind, labels, unit, series }) {
  const label = { ...text, interval: 0 };
  const names = { type: "category", data: labels, axisLabel: label, axisLine: line, axisTick: { show: false } };
  const numbers = { type: "value", min: 0, axisLabel: { ...text, formatter: `{value}${unit}` }, splitLine: line };
  if (unit) numbers.max = 100;
  else numbers.minInterval = 1;
  const lying = kind === "bar";
  return {
    animation: !quiet,
    animationDuration: 300,
    grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    legend: { show: series.length > 1, textStyle: text, top: 0, right: 0 },
    xAxis: lying ? numbers : names,
    yAxis: lying ? { ...names, inverse: true } : numbers,
    series: series.map((one, index) => ({
      name: one.name,
      type: kind === "line" ? "line" : "bar",
      data: one.values,
      barMaxWidth: 28,
      color: colours[index],
      symbol: index ? "emptyCircle" : "circle",
      symbolSize: 7,
      lineStyle: { width: 2.5, type: one.dashed ? "dashed" : "solid" },
      emphasis: { disabled: true },
      label: {
        ...text,
        show: kind !== "line",
        position: lying ? "right" : "top",
        formatter: ({ value }) => `${Math.floor(value)}${unit}`,
      },
    })),
  };
}

const charts = [...document.querySelectorAll("[data-chart]")].map((place) => {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  place.classList.add("is-drawn");
  const height = data.kind === "bar" ? 80 + 30 * data.labels.length : 320;
  const chart = window.echarts.init(place, null, { renderer: "svg", height });
  chart.setOption(option(data));
  scalable(chart);
  return chart;
});

// With a box of its own the drawing can be scaled onto paper, where nothing is drawn anew.
function scalable(chart) {
  const svg = chart.getDom().querySelector("svg");
  svg.setAttribute("viewBox", `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
}

window.addEventListener("resize", () => {
  for (const chart of charts) {
    chart.resize();
    scalable(chart);
  }
});
window.addEventListener("beforeprint", () => {
  document.querySelectorAll(".x-chart-table").forEach((table) => (table.open = true));
});
