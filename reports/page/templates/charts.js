// Figures with zoom, hover and controls instead of the static ones, and sortable tables. Without this script the page
// shows gnuplot's drawings, as in print.
(() => {
  "use strict";
  const LIGHT = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000"];
  const DARK = ["#4aa8e0", "#f0813d", "#2fc497", "#e39cc3", "#8ccdf2", "#f0b740", "#e6eaf0"];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const colour = (index) => (index < 0 ? "#888888" : (dark.matches ? DARK : LIGHT)[index % LIGHT.length]);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const element = (name, properties, ...inside) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...inside);
    return made;
  };
  const text_of = (value) => {
    if (value === null || value === undefined || Number.isNaN(value)) return "";
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : String(Number(value.toPrecision(4)));
  };
  const pale = (hex, share) => `rgba(${[1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)).join(",")},${share})`;

  /** Values of all curves at each x, in dygraphs' format: [low, value, high]. */
  const rows_of = (chart, smoothing) => {
    const places = [...new Set(chart.curves.flatMap((curve) => curve.x))].filter((x) => x !== null && (!chart.log_x || x > 0)).sort((a, b) => a - b);
    const rows = new Map(places.map((x) => [x, [x, ...chart.curves.map(() => [null, null, null])]]));
    chart.curves.forEach((curve, i) => {
      const band = chart.bands.find((one) => one.colour === curve.colour && curve.stroke === "solid");
      const room = new Map(band ? band.x.map((x, k) => [x, [band.low[k], band.high[k]]]) : []);
      let mean = null;
      curve.x.forEach((x, k) => {
        const row = rows.get(x);
        if (!row) return;
        let y = curve.y[k] === null ? NaN : curve.y[k];
        if (smoothing > 0 && Number.isFinite(y)) y = mean = mean === null ? y : smoothing * mean + (1 - smoothing) * y;
        const [low, high] = smoothing > 0 ? [y, y] : room.get(x) ?? [y, y];
        row[i + 1] = [low, y, high];
      });
    });
    return [...rows.values()];
  };

  const charts = [];

  const draw = (figure) => {
    const image = figure.querySelector("img");
    const chart = JSON.parse(figure.dataset.chart);
    const place = element("div", { className: "chart-plot" });
    const legend = element("div", { className: "chart-legend" });
    const where = element("span", { className: "soft" });
    const is_whole = chart.curves.every((curve) => curve.x.every((x) => Number.isInteger(x)));
    const place_text = (x) => (is_whole && !Number.isInteger(x) ? "" : text_of(x));
    const state = { log_y: chart.log_y, smoothing: 0, graph: null, shown: chart.curves.map(() => true) };
    const values = chart.curves.map(() => element("span", { className: "chart-value" }));

    chart.curves.forEach((curve, i) => {
      if (curve.label === "") return;
      const swatch = element("span", { className: "swatch" });
      swatch.style.background = colour(curve.colour);
      const button = element("button", { type: "button", title: "show or hide" }, swatch, curve.label, " ", values[i]);
      button.setAttribute("aria-pressed", "true");
      button.addEventListener("click", () => {
        // The seeds of a mean are shown and hidden with it.
        const is_shown = !state.shown[i];
        chart.curves.forEach((other, k) => {
          if (k !== i && !(other.label === "" && other.colour === curve.colour)) return;
          state.shown[k] = is_shown;
          state.graph.setVisibility(k, is_shown);
        });
        button.setAttribute("aria-pressed", String(is_shown));
      });
      legend.append(button);
    });

    const options = () => {
      const series = {};
      chart.curves.forEach((curve, i) => {
        const own = colour(curve.colour);
        const is_faint = curve.stroke === "faint";
        series[`c${i}`] = {
          color: is_faint ? pale(own.startsWith("#") ? own : "#888888", 0.35) : own,
          strokeWidth: curve.stroke === "points" ? 0 : is_faint ? 1 : 2,
          strokePattern: curve.stroke === "dashed" ? [8, 5] : curve.stroke === "fit" ? [6, 4] : null,
          drawPoints: curve.stroke === "points" || (!is_faint && curve.stroke !== "fit" && curve.x.length <= 30),
          pointSize: curve.stroke === "points" ? 4 : 2.5,
        };
      });
      return {
        file: rows_of(chart, state.smoothing), labels: [chart.x_label || "x", ...chart.curves.map((_, i) => `c${i}`)], series,
        // On a logarithmic axis the padding would be much wider at the start than at the end.
        customBars: true, rightGap: 14, xRangePad: chart.log_x ? 0 : 6, connectSeparatedPoints: true, logscale: state.log_y, fillAlpha: 0.2, visibility: state.shown,
        includeZero: chart.from_zero && !state.log_y, axisLineColor: token("--line"), gridLineColor: token("--line"),
        axes: {
          x: { logscale: chart.log_x, valueFormatter: text_of, axisLabelFormatter: place_text, pixelsPerLabel: 60, axisLabelFontSize: 12 },
          y: { valueFormatter: text_of, axisLabelFormatter: text_of, axisLabelFontSize: 12, axisLabelWidth: 56 },
        },
        highlightCallback: (_event, x, points) => {
          where.textContent = `${chart.x_label} ${text_of(x)}`;
          const seen = new Map(points.map((point) => [point.name, point.yval]));
          values.forEach((value, i) => { value.textContent = text_of(seen.get(`c${i}`)); });
        },
        unhighlightCallback: () => {
          where.textContent = "";
          for (const value of values) value.textContent = "";
        },
        zoomCallback: (from, to) => {
          for (const other of charts) {
            if (other.graph !== state.graph && other.x_label === chart.x_label) other.graph.updateOptions({ dateWindow: state.graph.isZoomed("x") ? [from, to] : null });
          }
        },
      };
    };

    const log = element("input", { type: "checkbox", checked: state.log_y });
    const smooth = element("input", { type: "range", min: 0, max: 0.95, step: 0.05, value: 0 });
    const lowest = Math.min(...chart.curves.flatMap((curve) => curve.y).filter((y) => y !== null));
    const again = () => state.graph.updateOptions(options());
    log.addEventListener("change", () => { state.log_y = log.checked; again(); });
    smooth.addEventListener("input", () => { state.smoothing = Number(smooth.value); again(); });
    const reset = element("button", { type: "button" }, "all");
    reset.title = "show the whole axes again, like a double click";
    reset.addEventListener("click", () => { for (const one of charts) if (one.x_label === chart.x_label) one.graph.resetZoom(); });
    const controls = element("div", { className: "chart-controls soft" });
    if (lowest > 0) controls.append(element("label", {}, log, " log"));
    if (chart.curves.some((curve) => curve.x.length > 8 && curve.stroke !== "points")) controls.append(element("label", {}, "smooth ", smooth));
    controls.append(reset, where);

    const holder = element("div", { className: "chart-live" }, element("p", { className: "chart-title" }, chart.title), place, legend, controls);
    holder.setAttribute("role", "group");
    holder.setAttribute("aria-label", image.alt);
    image.before(holder);
    const { file, ...others } = options();
    state.graph = new Dygraph(place, file, others);
    state.x_label = chart.x_label;
    image.classList.add("still");
    state.again = again;
    charts.push(state);
  };

  Dygraph.PLUGINS = [Dygraph.Plugins.Grid, Dygraph.Plugins.Axes];
  const waiting = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      waiting.unobserve(target);
      draw(target);
    }
  }, { rootMargin: "600px" });
  document.querySelectorAll("figure[data-chart]").forEach((figure) => waiting.observe(figure));
  dark.addEventListener("change", () => {
    for (const one of charts) one.again();
  });

  const UNITS = { ms: 1e-3, s: 1, min: 60, h: 3600, d: 86400, B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
  /** The number, time or size at the start of a cell, or else its text. */
  const key_of = (cell) => {
    const text = cell.textContent.trim();
    const plain = text.replace(/,/g, "");
    const measured = [...plain.matchAll(/(\d+(?:\.\d+)?) (ms|s|min|h|d|B|kB|MB|GB|TB)\b/g)];
    if (measured.length > 0) return [0, measured.reduce((sum, [, value, unit]) => sum + value * UNITS[unit], 0), text];
    const number = parseFloat(plain);
    return Number.isNaN(number) ? [1, 0, text] : [0, number, text];
  };
  for (const head of document.querySelectorAll("table thead th")) {
    const table = head.closest("table");
    if (!table.tBodies[0] || table.tBodies[0].rows.length < 2 || head.textContent.trim() === "" || head.colSpan > 1) continue;
    const button = element("button", { type: "button", className: "sort" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const place = [...head.parentNode.children].indexOf(head);
      const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row) => [key_of(row.cells[place] ?? document.createElement("td")), row]);
      rows.sort(([a], [b]) => way * (a[0] - b[0] || a[1] - b[1] || a[2].localeCompare(b[2])));
      body.append(...rows.map(([, row]) => row));
      for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
    });
  }
})();
