/* What pages need in the browser and Streamlit has no component for. It is inlined, and the content security policy allows
   it by its hash; it sends no requests to any server. */
(() => {
  // Every page stands directly under the address of the server, also where a proxy puts a prefix before it.
  window.__streamlit = {SERVER_ADDRESS: new URL(".", location.href).href};
  // Charts are laid out on the server, which must know the window's width before it draws the first one.
  document.cookie = `WIDTH_COOKIE=${innerWidth < NARROWEST ? "narrow" : innerWidth < NARROW ? "phone" : "wide"};path=/;SameSite=Lax`;
  // The style sheet uses this to hide Streamlit's own list of pages in favour of the menu that the server draws.
  document.documentElement.classList.toggle("cl-narrow", innerWidth < NARROW);

  // The text that the server put into the first page stays until the page itself is drawn, then gives way in one step and
  // keeps the reader's place. Until then the page is laid out unseen (plain_page.css), so that nothing moves. Only after that is
  // the script for charts read (private.py): while a browser reads it, nothing else gets its turn.
  let drawn;
  window.clDrawn = new Promise(resolve => { drawn = resolve; });
  addEventListener("DOMContentLoaded", () => {
    const first = document.getElementById("cl-first");
    const root = document.getElementById("root");
    // Parts of the first screen still to come, which would move the rest: controls being fetched, and labels without text.
    const waiting = main => [...main.querySelectorAll('[data-testid="stSkeleton"], [data-testid="stWidgetLabel"]')].some(
      each => (each.dataset.testid === "stSkeleton" ? !each.closest('[class*="-chart-"]') : !each.textContent.trim())
        && each.getBoundingClientRect().top < innerHeight);
    let looks = 0;
    const look = () => {
      const app = root.querySelector('[data-testid="stApp"]'), main = root.querySelector('[data-testid="stMain"]');
      if (!main?.querySelector('[data-testid="stElementContainer"]') || app.dataset.testConnectionState !== "CONNECTED"
        || app.dataset.testScriptState !== "notRunning") return;
      // Counted, not timed: a busy browser draws more slowly.
      if ((!main.querySelector('h1, [role="alert"]') || waiting(main)) && ++looks < 40) return;
      clearInterval(watch);
      if (first) {
        const read = first.scrollTop;
        keepPictures(first.querySelector("style"));
        first.remove();
        if (read) main.scrollTop = read;
      }
      setTimeout(drawn, 50);
    };
    const watch = setInterval(look, 50);
    // Where a chart is still to be drawn its picture stays in its place, until it is or the visitor goes on to another view.
    const keepPictures = style => {
      if (!style) return;
      document.body.append(style);
      const began = Date.now();
      const end = () => {
        style.remove();
        clearInterval(drawing);
        removeEventListener("click", end, true);
      };
      const drawing = setInterval(() => {
        const undrawn = document.querySelector('[class*="st-key-wide-chart-"]:not(:has(.main-svg))');
        if (!undrawn || Date.now() - began > 30000) end();
      }, 200);
      addEventListener("click", end, true);
    };
  });

  // A click that asks the browser for another tab or window, or for a download. Such a click is the browser's alone: Streamlit
  // would follow the link here instead.
  const elsewhere = event => event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  const NAVIGATION = '[data-testid="stTopNavLink"], [data-testid="stTopNavDropdownLink"], [data-testid="stSidebarNavLink"], '
    + '.st-key-every-page [data-testid="stPageLink-NavLink"]';
  for (const act of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) {
    addEventListener(act, event => {
      const link = event.target.closest?.(`${NAVIGATION}, [data-testid="stPageLink-NavLink"]`);
      if (!link || !elsewhere(event)) return;
      carry();
      event.stopPropagation();
    }, true);
  }

  // Streamlit's navigation links to bare addresses, as it keeps the choices in the session. In another tab there is no session,
  // so the links carry the choices that pages share (links.py, state.py: CARRIED).
  const carry = () => {
    const here = new URLSearchParams(location.search), kept = new URLSearchParams();
    for (const key of ["authority", "against", "as_at", "indicator", "age", "period"]) {
      if (here.has(key)) kept.set(key, here.get(key));
    }
    for (const link of document.querySelectorAll(NAVIGATION)) {
      const whole = new URL(link.href);
      whole.search = kept;
      if (link.href !== whole.href) link.href = whole.href;
    }
  };
  let carrying;
  const carrySoon = () => { carrying ??= setTimeout(() => { carrying = undefined; carry(); reach(); showRow(); }, 200); };
  addEventListener("popstate", carrySoon);
  new MutationObserver(carrySoon).observe(document.documentElement, { subtree: true, childList: true });

  // A window that was made narrow, or enlarged until it is, goes on with the layout it began with: a chart is then wider than its
  // frame, which the keyboard must be able to move, and Streamlit's own menu comes back, whose lists hold more than items.
  let resized = false;
  addEventListener("resize", () => { resized = true; carrySoon(); });
  const reach = () => {
    if (!resized) return;
    for (const chart of document.querySelectorAll('[data-testid="stPlotlyChart"]')) {
      const frame = chart.closest('[data-testid="stElementContainer"]');
      if (!frame) continue;
      const scrolls = frame.scrollWidth > frame.clientWidth && getComputedStyle(frame).overflowX === "auto";
      for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": "Chart wider than the window" })) {
        if (scrolls) frame.setAttribute(name, value);
        else frame.removeAttribute(name);
      }
    }
    const lists = '[data-testid="stSidebarNavItems"]';
    for (const item of document.querySelectorAll(`${lists}, ${lists} li`)) item.setAttribute("role", "none");
  };

  // A page completes its own address as it is drawn. That is not a step the visitor took, so it must not add to the history.
  // It may even happen before Streamlit, following a link, has set the new page's path, which then includes the change.
  const push = history.pushState.bind(history);
  let acted = false, leaving = 0;
  for (const act of ["pointerdown", "keydown", "click", "input"]) addEventListener(act, () => { acted = true; }, true);
  addEventListener("popstate", () => { acted = false; leaving = 0; }, true);
  addEventListener("click", event => {
    const link = event.target.closest?.("a[href]");
    if (link && !elsewhere(event) && link.origin === location.origin && link.pathname !== location.pathname) leaving = Date.now();
  }, true);
  const replace = history.replaceState.bind(history);
  history.replaceState = (state, title, url) => {
    replace(state, title, url);
    carrySoon();
  };
  history.pushState = (state, title, url) => {
    carrySoon();
    if (url && new URL(url, location.href).pathname !== location.pathname) leaving = 0;
    else if (Date.now() - leaving < 5000) return;
    else if (!acted) return history.replaceState(state, title, url);
    push(state, title, url);
    acted = false;
  };

  // Streamlit adds no history entry for a link to another view of the current page, and merges the authority in a search
  // link with the one in the address. For both kinds of link, navigate as the browser would and tell the server, which
  // would otherwise take it for Back (state.py).
  addEventListener("click", event => {
    const link = event.target.closest?.('a[data-testid="stPageLink-NavLink"]');
    if (!link || event.button || elsewhere(event)) return;
    if (link.origin !== location.origin || link.hash) return;
    if (link.pathname !== location.pathname && !link.closest(".st-key-found")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    push(null, "", `${link.href}${link.search ? "&" : "?"}FOLLOWED=1`);
    dispatchEvent(new PopStateEvent("popstate"));
  }, true);

  // The search: put the focus in its field, and let the arrow keys move through the results.
  addEventListener("click", event => {
    if (!event.target.closest?.('[class*="st-key-search-"] [data-testid="stPopoverButton"]')) return;
    const began = Date.now();
    const look = setInterval(() => {
      const field = document.querySelector('[data-testid="stPopoverBody"] [class*="st-key-searched-"] input');
      field?.focus();
      if (field || Date.now() - began > 1000) clearInterval(look);
    }, 30);
  });
  addEventListener("keydown", event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const body = step && event.target.closest?.('[data-testid="stPopoverBody"]');
    if (!body?.querySelector('[class*="st-key-searched-"]')) return;
    const stops = [body.querySelector("input"), ...body.querySelectorAll("a[href]")];
    stops[stops.indexOf(event.target) + step]?.focus();
    event.preventDefault();
  });

  // The first stop for the keyboard: a link past masthead and strip to the page's heading.
  addEventListener("DOMContentLoaded", () => {
    const skip = Object.assign(document.createElement("a"), { className: "cl-skip", href: "#root", textContent: "Skip to the page" });
    // Out of sight until the style sheet has loaded, which shows it on focus.
    Object.assign(skip.style, { position: "fixed", top: "-10rem" });
    skip.addEventListener("click", event => {
      event.preventDefault();
      const heading = document.querySelector('[data-testid="stMain"] h1') ?? document.querySelector('[data-testid="stMain"]');
      if (!heading) return;
      heading.tabIndex = -1;
      heading.focus();
      heading.scrollIntoView({ block: "center" });
    });
    document.body.prepend(skip);
  });

  // Streamlit knows which theme it draws; the style sheet gives charts the colours of the dark one.
  let themed;
  const showTheme = app => {
    document.documentElement.classList.toggle("cl-dark", getComputedStyle(app).colorScheme === "dark");
  };

  // When the server cannot be reached for more than a moment, a line says so in place of Streamlit's dialog (style.css).
  let connected = false, wait = 0, line;
  new MutationObserver(() => {
    const app = document.querySelector('[data-testid="stApp"]'), state = app?.dataset.testConnectionState;
    if (app && app !== themed) {
      themed = app;
      showTheme(app);
      new MutationObserver(() => showTheme(app)).observe(app, { attributeFilter: ["class"] });
    }
    if (state === "CONNECTED") {
      connected = true;
      clearTimeout(wait);
      wait = 0;
      document.documentElement.classList.remove("cl-gone");
      if (line) line.textContent = "";
    } else if (connected && state && !wait) {
      // Added empty and filled later, because screen readers announce only changes to an existing element.
      line ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "cl-line", role: "status" }));
      wait = setTimeout(() => {
        document.documentElement.classList.add("cl-gone");
        line.textContent = "The dashboard cannot be reached at the moment. What you see stays as it is, and the page carries "
          + "on by itself as soon as the connection is back.";
      }, 1500);
    }
  }).observe(document.documentElement, { subtree: true, attributeFilter: ["data-test-connection-state"] });

  // What a button answers is its own new label. Screen readers do not reliably read that, so it is said here as well.
  let answer;
  addEventListener("DOMContentLoaded", () => {
    answer = document.body.appendChild(Object.assign(document.createElement("div"), { className: "cl-hidden" }));
    answer.setAttribute("role", "status");
  });
  const say = (button, text) => {
    if (answer) answer.textContent = text;
    const was = button.dataset.clLabel ?? (button.dataset.clLabel = button.textContent);
    button.textContent = text;
    setTimeout(() => { button.textContent = was; if (answer) answer.textContent = ""; }, 2500);
  };

  const copy = async text => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without https, browsers offer only this older way to copy.
      const field = document.createElement("textarea");
      field.value = text;
      field.style.position = "fixed";
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      if (!done) throw new Error("not copied");
    }
  };

  // A picture of a chart, made by Plotly's own button at the picture's fixed size, and in the picture's layout where the
  // page shows another. The download that the button would start is intercepted and its content returned.
  const picture = (key, format) => new Promise((resolve, reject) => {
    const box = document.querySelector(`[class*="chart-${CSS.escape(key)}"]`);
    const plot = box.querySelector(".js-plotly-plot");
    const options = plot._context.toImageButtonOptions;
    const was = { format: options.format, scale: options.scale, data: plot.data, layout: plot.layout };
    const made = new Map(), create = URL.createObjectURL;
    const end = () => {
      URL.createObjectURL = create;
      removeEventListener("click", caught, true);
      clearTimeout(late);
    };
    const caught = event => {
      const blob = made.get(event.target.closest?.("a[download]")?.href);
      if (!blob) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      end();
      resolve([blob, event.target.download]);
    };
    const late = setTimeout(() => { end(); reject(new Error("no picture")); }, 20000);
    URL.createObjectURL = blob => {
      const url = create.call(URL, blob);
      made.set(url, blob);
      return url;
    };
    addEventListener("click", caught, true);
    const drawn = box.querySelector("[data-cl-figure]")?.dataset.clFigure;
    options.format = format;
    if (format === "svg") options.scale = 1;
    if (drawn) Object.assign(plot, JSON.parse(drawn));
    // The button copies the chart before it returns, so the options can be put back at once.
    plot.querySelector(".modebar-btn").click();
    options.format = was.format;
    options.scale = was.scale;
    plot.data = was.data;
    plot.layout = was.layout;
  });

  // Pictures state their size on paper: PNG in a chunk after its header (300 dots an inch), SVG in its first tag.
  const checks = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
  });
  const sized = async (blob, format) => {
    if (format === "svg") {
      const text = await blob.text();
      return new Blob([text.replace(/(<svg\b[^>]*?) width="([\d.]+)" height="([\d.]+)"/, (_, tag, across, high) =>
        `${tag} width="16cm" height="${(16 * high / across).toFixed(2)}cm"`)], { type: blob.type });
    }
    const chunk = new DataView(new ArrayBuffer(21));
    chunk.setUint32(0, 9);
    [..."pHYs"].forEach((letter, n) => chunk.setUint8(4 + n, letter.charCodeAt(0)));
    chunk.setUint32(8, 11811);
    chunk.setUint32(12, 11811);
    chunk.setUint8(16, 1);
    let check = 0xffffffff;
    for (let n = 4; n < 17; n++) check = checks[(check ^ chunk.getUint8(n)) & 255] ^ (check >>> 8);
    chunk.setUint32(17, (check ^ 0xffffffff) >>> 0);
    const bytes = await blob.arrayBuffer();
    return new Blob([bytes.slice(0, 33), chunk.buffer, bytes.slice(33)], { type: "image/png" });
  };

  const download = async (key, format) => {
    const [blob, name] = await picture(key, format);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await sized(blob, format));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  const copyPicture = async key => {
    if (!navigator.clipboard?.write || typeof ClipboardItem === "undefined") throw new Error("refused");
    // Passed as a promise, because by the time the picture is ready the click would no longer allow copying.
    const png = picture(key, "png").then(([blob]) => sized(blob, "png"));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
  };

  // Tables as Word and Excel take them: HTML, and text with tabs for those that take no HTML.
  const TABLES = ".cl-paper table, .cl-short table, .cl-measures, .cl-glance";
  const tablesOf = button => {
    if (button.dataset.clTables) return [...document.querySelectorAll(button.dataset.clTables)];
    return [...document.querySelectorAll(TABLES)].filter(
      table => button.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_PRECEDING).slice(-1);
  };
  const wordsOf = cell => {
    const own = cell.cloneNode(true);
    own.querySelectorAll(".cl-hidden, img").forEach(each => each.remove());
    own.querySelectorAll("span").forEach(each => each.prepend(each.matches(".cl-small") ? "; " : each.matches(".cl-of") ? ", " : " "));
    const text = own.textContent.replace(/\s+/g, " ").replace(/ ([;,])/g, "$1").replace(/^[ ;,]+|[ ;,]+$/g, "");
    // As in the files (exports.py): what begins like a formula must not become one.
    return /^[=+\-@|%＝＋－＠]/.test(text) && !/^([+-]?\d+(\.\d+)?|%)$/.test(text) ? `'${text}` : text;
  };
  const inHtml = text => text.replace(/[&<>"]/g, each => `&#${each.charCodeAt(0)};`);
  const copyTable = async button => {
    const tables = tablesOf(button);
    if (!tables.length) throw new Error("no table");
    const page = [], lines = [button.dataset.clText];
    for (const table of tables) {
      const caption = table.caption && !table.caption.matches(".cl-hidden") ? wordsOf(table.caption) : "";
      if (caption) lines.push("", caption);
      const rows = [...table.rows].map(row => {
        const cells = [...row.cells];
        lines.push(cells.flatMap(cell => [wordsOf(cell), ...Array(cell.colSpan - 1).fill("")]).join("\t"));
        return `<tr>${cells.map(cell => {
          const tag = cell.tagName.toLowerCase(), across = cell.colSpan > 1 ? ` colspan="${cell.colSpan}"` : "";
          return `<${tag}${across} align="left" valign="top">${inHtml(wordsOf(cell))}</${tag}>`;
        }).join("")}</tr>`;
      });
      page.push(`${caption ? `<p><b>${inHtml(caption)}</b></p>` : ""}<table border="1" cellspacing="0" cellpadding="3">${rows.join("")}</table>`);
    }
    const html = `<p>${inHtml(button.dataset.clText)}</p>${page.join("")}`, text = lines.join("\n");
    if (navigator.clipboard?.write && typeof ClipboardItem !== "undefined") {
      const as = (type, what) => [type, new Blob([what], { type })];
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries([as("text/html", html), as("text/plain", text)]))]);
      return;
    }
    // Without https, browsers offer only this older way to copy.
    let given = false;
    const give = event => {
      event.clipboardData.setData("text/html", html);
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
      event.stopImmediatePropagation();
      given = true;
    };
    addEventListener("copy", give, true);
    const done = document.execCommand("copy");
    removeEventListener("copy", give, true);
    if (!done || !given) throw new Error("not copied");
  };

  // A link to a part of a page. Streamlit scrolls there only once, as soon as the part is drawn, when the page is still too
  // short to scroll that far. So keep scrolling there until the page has not grown for a few seconds, unless the visitor does
  // something.
  const anchor = decodeURIComponent(location.hash.slice(1));
  if (anchor) {
    const began = Date.now();
    let grown = began, height = 0;
    const go = setInterval(() => {
      const part = document.getElementById(anchor), now = document.querySelector('[data-testid="stMain"]')?.scrollHeight ?? 0;
      if (now !== height) [height, grown] = [now, Date.now()];
      part?.scrollIntoView();
      if (Date.now() - grown > 5000 || Date.now() - began > 30000) end();
    }, 250);
    const end = () => clearInterval(go);
    for (const move of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(move, end, { once: true });
  }

  // A ranking of every authority is far higher than a window: it is scrolled to the chosen authority's row, which its arrow
  // marks. Once for each choice of every authority, as soon as the chart is drawn, unless the visitor moves on first.
  let ranking = false, showing;
  const showRow = () => {
    const all = /\/compare$/.test(location.pathname) && new URLSearchParams(location.search).get("rows") === "all";
    if (all === ranking) return;
    ranking = all;
    stopShowing();
    if (!all || location.hash) return;
    const began = Date.now(), main = () => document.querySelector('[data-testid="stMain"]');
    let was, seen = 0;
    showing = setInterval(() => {
      const row = document.getElementById("cl-first") ? undefined
        : [...document.querySelectorAll(".st-key-ranked .main-svg text")].find(each => each.textContent.startsWith("►"));
      if (row && row.closest(".js-plotly-plot").offsetHeight > innerHeight) {
        const { top, bottom } = row.getBoundingClientRect(), calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
        // Something drawn later may stop the movement: it goes on until the row has been seen twice.
        if (top > 60 && bottom < innerHeight) seen += 1;
        else if (main().scrollTop === was || was === undefined) row.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
        was = main().scrollTop;
      }
      if (seen > 1 || Date.now() - began > 15000) stopShowing();
    }, 250);
  };
  const stopShowing = () => clearInterval(showing);
  for (const move of ["wheel", "touchmove", "keydown"]) addEventListener(move, stopShowing, { passive: true });
  addEventListener("pointerdown", stopShowing);
  showRow();

  addEventListener("click", async event => {
    const button = event.target.closest?.("[data-cl-action]");
    if (!button) return;
    const { clAction: action, clChart: key, clText: text } = button.dataset;
    const copies = { link: () => copy(location.href), text: () => copy(text), picture: () => copyPicture(key), table: () => copyTable(button) };
    try {
      await (copies[action] ?? (() => download(key, action)))();
      say(button, copies[action] ? "Copied" : "Saved");
    } catch {
      const instead = { picture: "download the picture", table: "download the table" }[action];
      say(button, instead ? `The browser does not allow it: ${instead}` : "That did not work");
    }
  });
})();
