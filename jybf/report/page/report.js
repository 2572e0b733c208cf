"use strict";
(function () {
  const table = document.getElementById("list"), form = document.getElementById("filter"), said = document.getElementById("said"), paper = document.getElementById("paper");
  if (!table || !form) return;
  const CHUNK = 50, HEIGHT = 64; // lines laid out together, and about how high one is
  const PAPER = 5000; // lines that are printed: 500 sheets, and about what a browser still lays out on paper
  const CLASSES = { 级别: "a", 编号: "b", 乡镇: "c", 单位: "d", 补贴项目: "e", 文件: "f" };
  const WORDS = { 级别: "级别", 编号: "规则", 排: "排序" };
  const order = new Intl.Collator("zh-CN", { numeric: true }).compare;
  const text = (row, name) => { const at = row.getElementsByClassName(name)[0]; return at ? at.textContent.trim() : ""; };
  const groups = [], rows = [];
  for (const body of table.tBodies) {
    const head = body.rows[0].className === "h" ? body.rows[0] : null;
    if (head) groups.push({ head, count: head.querySelector(".count"), rows: [], bodies: [] });
    const group = groups[groups.length - 1], mine = [];
    for (const tr of body.rows) if (tr !== head) mine.push({ tr, group, i: +tr.dataset.i, seen: {} });
    group.bodies.push({ body, head, rows: mine });
    group.rows.push(...mine);
    rows.push(...mine);
  }
  const all = new Map(groups.map((group) => [group, group.count.textContent]));
  const grouped = [].concat(...groups.map((group) => group.bodies));
  let bodies = grouped, sorting = "";

  function value(row, name) {
    if (!(name in row.seen)) row.seen[name] = name === "*"
      ? (row.tr.textContent + " " + row.group.head.querySelector(".code").textContent).toLowerCase() : text(row.tr, name);
    return row.seen[name];
  }
  function test() { // the controls that are set, as one question to a line
    const asks = [];
    for (const control of form.elements) {
      const wanted = (control.value || "").trim();
      if (!control.name || !wanted) continue;
      const name = CLASSES[control.name];
      if (!name) asks.push((row) => wanted.toLowerCase().split(/\s+/).every((word) => value(row, "*").includes(word)));
      else if (control.tagName === "SELECT") asks.push((row) => (value(row, name) || "未写明") === wanted);
      else asks.push((row) => (value(row, name) || "未写明").includes(wanted));
    }
    return (row) => asks.every((ask) => ask(row));
  }
  function show() {
    const wanted = test(), counts = new Map();
    let shown = 0;
    for (const part of bodies) {
      let left = 0;
      for (const row of part.rows) {
        const yes = wanted(row);
        if (row.tr.hidden === yes) row.tr.hidden = !yes;
        if (yes) { left += 1; counts.set(row.group, (counts.get(row.group) || 0) + 1); }
      }
      part.left = left;
      shown += left;
    }
    let printed = 0;
    for (const part of bodies) {
      part.body.classList.toggle("off", printed >= PAPER);
      if (printed < PAPER) printed += part.left;
      const ofGroup = part.head ? counts.get(part.rows[0].group) || 0 : 0;
      if (part.head) part.head.hidden = !ofGroup;
      part.body.hidden = !part.left && !ofGroup;
      part.body.style.containIntrinsicBlockSize = "auto " + (part.left * HEIGHT + (part.head ? 120 : 0)) + "px";
    }
    for (const group of groups) {
      const n = counts.get(group) || 0;
      group.count.textContent = n === group.rows.length ? all.get(group) : n + " / " + all.get(group);
    }
    paper.textContent = printed < shown ? "纸上只印前 " + printed + " 条，共 " + shown + " 条：先筛选再打印，或用 -o 结果.xlsx 写出全部。" : "";
    const set = state();
    const why = set.map(([name, wanted]) => (WORDS[name] || name) + "：" + wanted).join("；");
    said.textContent = "显示 " + shown + " / " + rows.length + " 条" + (why ? "（" + why + "）" : "");
    form.classList.toggle("set", set.length > 0);
  }
  function state() {
    const set = [];
    for (const control of form.elements) if (control.name && control.value.trim()) set.push([control.name, control.value.trim()]);
    if (sorting) set.push(["排", heads.get(sorting.replace("-", "")).name + (sorting[0] === "-" ? " 从大到小" : "")]);
    return set;
  }
  function remember() {
    const set = state().map(([name, wanted]) => encodeURIComponent(name) + "=" + encodeURIComponent(wanted)).join("&");
    history.replaceState(null, "", set ? "#" + set : "#明细");
  }
  function flat(by) { // all lines in one order, in chunks; what the head of a group said goes along with each of its lines
    const name = by.replace("-", ""), sign = by[0] === "-" ? -1 : 1;
    const key = (row) => name === "i" ? row.i : name === "y" ? value(row, "y").replace(/,/g, "") : value(row, name);
    const number = name === "i" || name === "y";
    const sorted = rows.map((row) => ({ row, key: key(row) })).sort((a, b) => {
      if (a.key === "" || b.key === "") return (a.key === "") - (b.key === "") || a.row.i - b.row.i;
      return sign * (number ? a.key - b.key : order(a.key, b.key)) || a.row.i - b.row.i;
    });
    const parts = [];
    for (let at = 0; at < sorted.length; at += CHUNK) {
      const body = document.createElement("tbody"), mine = sorted.slice(at, at + CHUNK).map((each) => each.row);
      body.className = "more";
      for (const row of mine) { along(row); body.appendChild(row.tr); }
      parts.push({ body, head: null, rows: mine });
    }
    return parts;
  }
  function along(row) {
    const cell = row.tr.querySelector("td.q");
    value(row, "*"); // what is searched is the line itself
    if (cell.lastElementChild.className === "along") return;
    const note = document.createElement("small");
    note.className = "along";
    note.textContent = [".code", ".ground", ".todo"].map((part) => row.group.head.querySelector(part)).filter(Boolean)
      .map((part) => part.textContent.trim()).join("　");
    cell.appendChild(note);
  }
  function sort(by) {
    for (const part of bodies) part.body.remove();
    sorting = by;
    if (by) bodies = flat(by);
    else {
      bodies = grouped;
      for (const part of bodies) for (const row of part.rows) part.body.appendChild(row.tr);
    }
    const all = document.createDocumentFragment();
    for (const part of bodies) all.appendChild(part.body);
    table.appendChild(all);
    table.classList.toggle("flat", by !== "");
    regroup.hidden = !by;
    for (const [name, head] of heads) {
      head.button.dataset.way = by.replace("-", "") !== name ? "" : by[0] === "-" ? "↓" : "↑";
      if (head.first) head.th.removeAttribute("aria-sort");
    }
    const now = by && heads.get(by.replace("-", ""));
    if (now) now.th.setAttribute("aria-sort", by[0] === "-" ? "descending" : "ascending");
  }
  const heads = new Map();
  for (const span of table.querySelectorAll("th [data-sort]")) {
    const button = document.createElement("button"), name = span.dataset.sort, th = span.closest("th");
    button.type = "button";
    button.textContent = span.textContent;
    button.title = "按" + span.textContent + "排序";
    span.replaceWith(button);
    heads.set(name, { button, th, name: span.textContent, first: !th.dataset.seen });
    th.dataset.seen = "1";
    button.addEventListener("click", () => {
      const ways = name === "y" ? ["-" + name, name, ""] : [name, "-" + name, ""];
      sort(ways[(ways.indexOf(sorting) + 1) % 3]);
      show(); remember();
    });
  }
  const regroup = document.createElement("button");
  regroup.type = "button";
  regroup.textContent = "按" + (CLASSES.级别 && document.querySelector(".why") ? "规则" : "结果") + "分组";
  regroup.hidden = true;
  regroup.addEventListener("click", () => { sort(""); show(); remember(); });
  form.insertBefore(regroup, said);

  function recall() { // the state that a link carries
    let hash = location.hash.slice(1);
    if (!hash.includes("=") && hash !== "") return;
    const wanted = new URLSearchParams(hash.replace(/\+/g, "%2B"));
    for (const control of form.elements) if (control.name) control.value = wanted.get(control.name) || "";
    for (const control of form.elements) // a link may ask for what is not there: then nothing is shown, not everything
      if (control.tagName === "SELECT" && wanted.get(control.name) && control.value !== wanted.get(control.name)) {
        const extra = new Option(wanted.get(control.name));
        control.add(extra);
        control.value = extra.value;
      }
    const [head, down] = (wanted.get("排") || "").split(" ");
    const found = [...heads].find(([, each]) => each.name === head || each.name.startsWith(head + " "));
    sort(head && found ? (down ? "-" : "") + found[0] : "");
    show();
    if (hash) form.scrollIntoView();
  }
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => { show(); remember(); }, 150); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { if (sorting) sort(""); show(); remember(); }));
  window.addEventListener("hashchange", recall);
  form.hidden = false;
  show();
  recall();
})();
