// The only place where text becomes HTML. The page's policy (require-trusted-types-for 'script'; trusted-types hearth)
// lets no other policy exist, and this one is not exported: scripts hand in HTML that our server rendered and cleaned,
// and get it put into an element. Import this module by one address only; a second copy could not make the policy again.

const WRITTEN_BY_OUR_RENDERER = new Set(
  ("a b blockquote br code del details div em h2 h3 h4 h5 h6 hr i li mark ol p pre s small span strong sub summary sup " +
    "svg time ul use").split(" "),
);

function createHTML(html) {
  for (const [, name] of html.matchAll(/<\/?([a-z][^\s/>]*)/gi)) {
    if (!WRITTEN_BY_OUR_RENDERER.has(name.toLowerCase())) throw new TypeError(`<${name}> is not written by our renderer`);
  }
  return html;
}

const policy = globalThis.trustedTypes?.createPolicy("hearth", { createHTML }) ?? { createHTML };

/** Put HTML that our server has cleaned into the element, in place of what was there. */
export function showCleanHtml(element, html) {
  element.innerHTML = policy.createHTML(html);
}
