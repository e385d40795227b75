/**
 * Draws what is in sight: plots of a long page are made or renewed when they come near.
 *
 * @module
 */

/** A part of the page that can be drawn. */
export interface SightSection {
  /** Where it stands. */
  readonly element: Element;
  /** Whether it is in sight, or near. */
  inSight: boolean;
  /** Makes or renews what it shows. */
  draw(): void;
}

/** Keeps `inSight` of the sections, and draws each that comes nearer than so many pixels. */
export function watchSight(sections: readonly SightSection[], nearPixels: number): void {
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const section = sections.find(({ element }) => element === target)!;
      section.inSight = isIntersecting;
      if (isIntersecting) section.draw();
    }
  }, { rootMargin: `${nearPixels}px 0px` });
  for (const { element } of sections) sight.observe(element);
}
