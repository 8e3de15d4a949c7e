// Contrast of colours after WCAG 2.2 (relative luminance, contrast ratio), with layers of see-through colours.

/** Red, green and blue from 0 to 255, and how opaque from 0 to 1. */
export type Colour = {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
};

/** `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`; null for anything else. */
export function parseHex(text: string): Colour | null {
  const digits = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text)?.[1];
  if (digits === undefined) return null;
  const isShort = digits.length <= 4;
  const [red = 0, green = 0, blue = 0, alpha = 255] = Array.from(
    { length: isShort ? digits.length : digits.length / 2 },
    (_, index) => {
      const part = isShort ? `${digits[index]}${digits[index]}` : digits.slice(2 * index, 2 * index + 2);
      return Number.parseInt(part, 16);
    },
  );
  return { red, green, blue, alpha: alpha / 255 };
}

/** What is seen of `top` over an opaque `bottom`. */
export function layOver(top: Colour, bottom: Colour): Colour {
  const mix = (above: number, below: number) => above * top.alpha + below * (1 - top.alpha);
  return {
    red: mix(top.red, bottom.red),
    green: mix(top.green, bottom.green),
    blue: mix(top.blue, bottom.blue),
    alpha: 1,
  };
}

/** From 1 (the same) to 21 (black on white), of two opaque colours. */
export function contrastRatio(one: Colour, other: Colour): number {
  const [darker = 0, lighter = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminanceOf({ red, green, blue }: Colour): number {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
