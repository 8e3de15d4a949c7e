// Which colours and sizes in a value are written out instead of taken from a token.

/** A raw value inside a declaration's value: where it begins there, and what it is. */
export type RawValue = { readonly text: string; readonly offset: number; readonly kind: "colour" | "size" };

const HEX = /#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![\w-])/gi;
/** Colour functions; one that starts from a token (`rgb(from var(--…) …)`, `rgb(var(--…))`) is no raw colour. */
const COLOUR_FUNCTION =
  /(?<![\w-])(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\((?!\s*(?:from\s+)?var\()[^()]*\)/gi;
/** Absolute lengths, and `rem`: what follows the reader's text or the window (`em`, `ch`, `%`, `vw`, `fr`) is free. */
const SIZE = /(?<![\w.#-])[+-]?(?:\d+\.?\d*|\.\d+)(?:px|rem|pt|pc|cm|mm|in|q)(?![\w-])/gi;

/** Properties that take a colour; elsewhere `tan` or `linen` is a name that somebody chose. */
const COLOUR_PROPERTY =
  /^--|color|background|border|outline|shadow|^fill$|^stroke$|decoration|filter|image|column-rule|text-emphasis/;

/** CSS Color Module Level 4 §6.1. `transparent`, `currentcolor` and the system's colours are no raw colours. */
const NAMED_COLOURS = new Set(
  (
    "aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood " +
    "cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray " +
    "darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen " +
    "darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue " +
    "firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew " +
    "hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan " +
    "lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue " +
    "lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine " +
    "mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise " +
    "mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange " +
    "orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum " +
    "powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna " +
    "silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet " +
    "wheat white whitesmoke yellow yellowgreen"
  ).split(" "),
);
const WORD = /(?<![\w.#-])[a-z]+(?![\w(-])/gi;

/** The raw values of a declaration in order; zero needs no token. */
export function findRawValues(property: string, value: string): RawValue[] {
  const found: RawValue[] = [...matches(value, HEX, "colour"), ...matches(value, COLOUR_FUNCTION, "colour")];
  if (COLOUR_PROPERTY.test(property)) {
    found.push(...matches(value, WORD, "colour").filter(({ text }) => NAMED_COLOURS.has(text.toLowerCase())));
  }
  found.push(...matches(value, SIZE, "size").filter(({ text }) => Number.parseFloat(text) !== 0));
  return found.sort((a, b) => a.offset - b.offset);
}

function matches(value: string, pattern: RegExp, kind: RawValue["kind"]): RawValue[] {
  return Array.from(value.matchAll(pattern), (match) => ({ text: match[0], offset: match.index, kind }));
}
