/* What a page needs in the browser that Streamlit has no component for. Put into the first page as it is, so that the
   content security policy can name it by its hash; it asks nothing of any server. */
(() => {
  // Charts are laid out on the server, which must know the window's width before it draws the first one.
  document.cookie = `WIDTH_COOKIE=${innerWidth < NARROW ? "narrow" : "wide"};path=/;SameSite=Lax`;
  // And the style sheet, which then hides Streamlit's own list of pages for the menu that the server draws.
  document.documentElement.classList.toggle("cl-narrow", innerWidth < NARROW);

  // A page completes its own address as it is drawn. That is no step of the visitor's: Back leads to where they were.
  // It may even do so before Streamlit, following a link, has put the new page's name there; that takes it along.
  const push = history.pushState.bind(history);
  let acted = false, leaving = 0;
  for (const act of ["pointerdown", "keydown", "click", "input"]) addEventListener(act, () => { acted = true; }, true);
  addEventListener("popstate", () => { acted = false; leaving = 0; }, true);
  addEventListener("click", event => {
    const link = event.target.closest?.("a[href]");
    if (link && link.origin === location.origin && link.pathname !== location.pathname) leaving = Date.now();
  }, true);
  history.pushState = (state, title, url) => {
    if (url && new URL(url, location.href).pathname !== location.pathname) leaving = 0;
    else if (Date.now() - leaving < 5000) return;
    else if (!acted) return history.replaceState(state, title, url);
    push(state, title, url);
    acted = false;
  };

  // Streamlit takes a link to another view of the page that is shown for no step at all, and adds what a link of the search
  // says of the authority to what the address says of it. Both are gone to as the browser would; the server is told, who
  // else would take it for Back (state.py).
  addEventListener("click", event => {
    const link = event.target.closest?.('a[data-testid="stPageLink-NavLink"]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || link.hash) return;
    if (link.pathname !== location.pathname && !link.closest(".st-key-found")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    push(null, "", `${link.href}${link.search ? "&" : "?"}FOLLOWED=1`);
    dispatchEvent(new PopStateEvent("popstate"));
  }, true);

  // The search: its field is ready to type in, and the arrows lead through what it finds.
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

  // The first stop of the keyboard: past masthead and strip to the heading of the page.
  addEventListener("DOMContentLoaded", () => {
    const skip = Object.assign(document.createElement("a"), { className: "cl-skip", href: "#", textContent: "Skip to the page" });
    // Out of sight before the style sheet is there, which brings it back when it has the focus.
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

  // The server is gone for more than a moment: a line of ours says so, in place of Streamlit's dialog (style.css).
  let connected = false, wait = 0, line;
  new MutationObserver(() => {
    const state = document.querySelector('[data-testid="stApp"]')?.dataset.testConnectionState;
    if (state === "CONNECTED") {
      connected = true;
      clearTimeout(wait);
      wait = 0;
      document.documentElement.classList.remove("cl-gone");
      if (line) line.textContent = "";
    } else if (connected && state && !wait) {
      // There from now on and empty, so that a screen reader hears the words come.
      line ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "cl-line", role: "status" }));
      wait = setTimeout(() => {
        document.documentElement.classList.add("cl-gone");
        line.textContent = "The dashboard cannot be reached at the moment. What you see stays as it is, and the page carries "
          + "on by itself as soon as the connection is back.";
      }, 1500);
    }
  }).observe(document.documentElement, { subtree: true, attributeFilter: ["data-test-connection-state"] });

  const say = (button, text) => {
    const was = button.dataset.clLabel ?? (button.dataset.clLabel = button.textContent);
    button.textContent = text;
    setTimeout(() => { button.textContent = was; }, 2500);
  };

  const copy = async text => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without https a browser offers only the old way.
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

  // The chart's own download, in the format asked for: the picture is the one on the page, drawn at its fixed size.
  const download = (key, format) => {
    const plot = document.querySelector(`[class*="chart-${CSS.escape(key)}"] .js-plotly-plot`);
    const options = plot._context.toImageButtonOptions;
    const was = options.format;
    options.format = format;
    plot.querySelector(".modebar-btn").click();
    options.format = was;
  };

  // A link to a part of a page. Streamlit goes there once, as soon as the part is drawn, when what lies below it is not
  // and there is nothing yet to scroll into. The visitor's own move ends it.
  const anchor = decodeURIComponent(location.hash.slice(1));
  if (anchor) {
    const go = setInterval(() => document.getElementById(anchor)?.scrollIntoView(), 250);
    const end = () => clearInterval(go);
    for (const move of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(move, end, { once: true });
    setTimeout(end, 5000);
  }

  addEventListener("click", async event => {
    const button = event.target.closest?.("[data-cl-action]");
    if (!button) return;
    const { clAction: action, clChart: key, clText: text } = button.dataset;
    try {
      if (action === "link") await copy(location.href);
      else if (action === "text") await copy(text);
      else download(key, action);
      say(button, action === "link" || action === "text" ? "Copied" : "Saved");
    } catch {
      say(button, "That did not work");
    }
  });
})();
