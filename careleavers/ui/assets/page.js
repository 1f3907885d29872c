/* What a page needs in the browser that Streamlit has no component for. Put into the first page as it is, so that the
   content security policy can name it by its hash; it asks nothing of any server. */
(() => {
  // Charts are laid out on the server, which must know the window's width before it draws the first one.
  document.cookie = `WIDTH_COOKIE=${innerWidth < NARROW ? "narrow" : "wide"};path=/;SameSite=Lax`;
  // And the style sheet, which then hides Streamlit's own list of pages for the menu that the server draws.
  document.documentElement.classList.toggle("cl-narrow", innerWidth < NARROW);

  // The words that the server put into the first page stay until the page itself is drawn, and leave it in one step, at the
  // place that was read. Until then the page is laid out unseen (first.css), so that nothing moves.
  addEventListener("DOMContentLoaded", () => {
    const first = document.getElementById("cl-first");
    if (!first) return;
    const root = document.getElementById("root");
    const waiting = main => [...main.querySelectorAll('[data-testid="stSkeleton"]')].some(
      each => !each.closest('[class*="-chart-"]') && each.getBoundingClientRect().top < innerHeight);
    let since = 0;
    const look = () => {
      const app = root.querySelector('[data-testid="stApp"]'), main = root.querySelector('[data-testid="stMain"]');
      if (!main?.querySelector('h1, [role="alert"]') || app.dataset.testConnectionState !== "CONNECTED"
        || app.dataset.testScriptState !== "notRunning") return;
      since ||= Date.now();
      if (waiting(main) && Date.now() - since < 1500) return;
      clearInterval(watch);
      const read = first.scrollTop;
      first.remove();
      if (read) main.scrollTop = read;
    };
    const watch = setInterval(look, 50);
  });

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
