/**
 * For the `ref` of what can be scrolled and may hold nothing to operate: the keyboard must reach it all the same (WCAG
 * 2.1.1), though it is no control.
 */
export function takeFocus(element: HTMLElement | null): void {
  if (element !== null) element.tabIndex = 0;
}
