// Sort and filter a table that is already on the page. Without scripts it is a plain table.
// <table data-table> … <th data-sort> … <td data-value="717714">; data-filter-label adds a box.
"use strict";
(() => {
  const collator = new Intl.Collator("vi", { numeric: true, sensitivity: "base" });
  const fold = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return cell ? (cell.dataset.value ?? cell.textContent.trim()) : "";
  };

  const compare = (kind) => (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    return kind === "number" ? Number(a) - Number(b) : collator.compare(a, b);
  };

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (!("sort" in head.dataset)) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "table__sort";
      button.dataset.sortButton = "";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const order = compare(head.dataset.sort);
        const rows = [...table.tBodies[0].rows];
        // Empty cells stay last in both directions; equal rows keep their order.
        rows.sort((a, b) => {
          const [left, right] = [valueOf(a, column), valueOf(b, column)];
          const result = order(left, right);
          return down && left !== "" && right !== "" ? -result : result;
        });
        table.tBodies[0].append(...rows);
      });
    });
  };

  const filterable = (table) => {
    const label = table.dataset.filterLabel;
    const tools = document.querySelector(`[data-tools-for="${table.id}"]`);
    if (!label || !tools) return;
    const field = document.createElement("div");
    field.className = "field";
    const name = document.createElement("label");
    name.className = "field__label";
    name.htmlFor = `${table.id}-filter`;
    name.textContent = label;
    const input = document.createElement("input");
    input.type = "search";
    input.id = name.htmlFor;
    input.className = "input input--w20";
    input.autocomplete = "off";
    const count = document.createElement("p");
    count.className = "soft";
    count.setAttribute("role", "status");
    field.append(name, input);
    tools.prepend(field, count);
    const apply = () => {
      const words = fold(input.value).split(/\s+/).filter(Boolean);
      const rows = [...table.tBodies[0].rows];
      let shown = 0;
      for (const row of rows) {
        const text = fold(row.textContent);
        row.hidden = !words.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      count.textContent = words.length
        ? table.dataset.filterCount.replace("SHOWN", shown).replace("ALL", rows.length)
        : "";
    };
    let timer;
    input.addEventListener("input", (event) => {
      if (event.isComposing) return;
      clearTimeout(timer);
      timer = setTimeout(apply, 120);
    });
    input.addEventListener("compositionend", apply);
  };

  const enhance = (scope) => {
    for (const table of scope.querySelectorAll("table[data-table]:not([data-ready])")) {
      table.dataset.ready = "";
      if (table.tHead) sortable(table);
      filterable(table);
    }
  };
  enhance(document);
  document.addEventListener("htmx:load", (event) => enhance(event.target.parentNode || document));
})();
