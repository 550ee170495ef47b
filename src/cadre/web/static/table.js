// Tables: which columns are shown, and copying what is shown. Without a script they are whole, and CSV and XLSX remain.
"use strict";
(() => {
  const FEWEST = 5; // rows with the head, under which a table needs no tools
  const FORMULA = /^[=+\-@\t\r]/;
  const heads = (table) => [...table.tHead.rows[0].cells];

  // A cell in words: what a chart shows stands in data-copy, with its interval and n; marks for the eye are left out.
  const words = (cell) => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("[data-copy]").forEach((e) => { e.textContent = e.dataset.copy; });
    copy.querySelectorAll("svg, .vh, .sort-how, button").forEach((e) => e.remove());
    copy.querySelectorAll(".sub").forEach((e) => e.prepend(" · "));
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  // A text that a spreadsheet would run is written as text; our own numbers cannot be one.
  const safe = (cell) => {
    const text = words(cell);
    return FORMULA.test(text) && !cell.querySelector("[data-copy]") ? `'${text}` : text;
  };

  // Lines as a spreadsheet takes them, with the word of a study workspace in each, as in the files to take away.
  const lines = (table) => {
    const study = document.querySelector(".study")?.textContent.trim();
    const shown = (row) => [...row.cells].filter((cell) => !cell.hidden && cell.colSpan === 1).map(safe);
    const head = shown(table.tHead.rows[0]);
    const body = [...table.tBodies].flatMap((part) => [...part.rows]).map(shown).filter((cells) => cells.length);
    return [study ? [...head, "workspace"] : head, ...body.map((cells) => (study ? [...cells, study] : cells))];
  };

  const copy = async (table, told) => {
    const rows = lines(table);
    const count = rows.length - 1;
    try {
      await navigator.clipboard.writeText(rows.map((cells) => cells.join("\t")).join("\n"));
      told.textContent = `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"} copied`;
    } catch {
      told.textContent = "This browser did not allow it; take the CSV below";
    }
  };

  const key = (table) => `columns ${location.pathname.replace(/\/p_[0-9a-f]+/, "/")} ${heads(table).map(words).join("|")}`;
  const kept = (table) => {
    try { return new Set(JSON.parse(localStorage.getItem(key(table)) ?? "[]")); } catch { return new Set(); }
  };
  const keep = (table, hidden) => {
    try { localStorage.setItem(key(table), JSON.stringify([...hidden])); } catch { /* not remembered, then */ }
  };
  const show = (table, hidden) => {
    for (const row of [...table.rows]) {
      if ([...row.cells].some((cell) => cell.colSpan > 1)) continue;
      [...row.cells].forEach((cell, place) => { cell.hidden = hidden.has(place); });
    }
  };

  const chooser = (table) => {
    const hidden = kept(table);
    const box = document.createElement("details");
    box.className = "columns";
    const summary = document.createElement("summary");
    const list = document.createElement("div");
    const head = () => {
      const all = heads(table).length;
      summary.textContent = hidden.size ? `Columns: ${all - hidden.size} of ${all}` : "Columns";
    };
    heads(table).forEach((cell, place) => {
      if (place === 0) return;
      const label = document.createElement("label");
      const tick = document.createElement("input");
      tick.type = "checkbox";
      tick.checked = !hidden.has(place);
      tick.addEventListener("change", () => {
        tick.checked ? hidden.delete(place) : hidden.add(place);
        show(table, hidden);
        keep(table, hidden);
        head();
      });
      label.append(tick, ` ${words(cell)}`);
      list.append(label);
    });
    box.append(summary, list);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.open) return;
      event.preventDefault();
      event.stopPropagation();
      box.open = false;
      summary.focus();
    });
    head();
    show(table, hidden);
    return box;
  };

  const equip = (within) => {
    for (const table of within.querySelectorAll("table.grid, .evidence table.rows:not(.record-row)")) {
      if (!table.tHead || table.rows.length < FEWEST || table.previousElementSibling?.classList.contains("tools")) continue;
      const tools = document.createElement("div");
      tools.className = "tools";
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.title = "Copy what is shown, for a spreadsheet";
      const told = document.createElement("span");
      told.className = "n";
      told.setAttribute("role", "status");
      button.addEventListener("click", () => copy(table, told));
      tools.append(told);
      if (heads(table).length > 2 && table.classList.contains("grid")) tools.append(chooser(table));
      tools.append(button);
      table.before(tools);
    }
  };

  document.addEventListener("click", (event) => {
    for (const box of document.querySelectorAll(".columns[open]")) if (!box.contains(event.target)) box.open = false;
  });
  document.addEventListener("htmx:afterSettle", () => equip(document));
  equip(document);
})();
