import type { Point } from './layout.ts';

export type Box = { id: string; x: number; y: number; width: number; height: number };

const arrows: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The next box in the direction of an arrow key: near counts, and being straight ahead counts three times as much. */
export function neighbourInDirection(boxes: readonly Box[], from: string, key: string): string | undefined {
  const arrow = arrows[key];
  const start = boxes.find(({ id }) => id === from);
  if (!arrow || !start) return undefined;
  const middle = (box: Box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const here = middle(start);
  let best: { id: string; cost: number } | undefined;
  for (const box of boxes) {
    const there = middle(box);
    const ahead = (there.x - here.x) * arrow.x + (there.y - here.y) * arrow.y;
    // What stands beside the box is not ahead of it.
    if (box.id === from || ahead < (arrow.x === 0 ? start.height : start.width) / 2) continue;
    const aside = Math.abs((there.x - here.x) * arrow.y) + Math.abs((there.y - here.y) * arrow.x);
    const cost = ahead + 3 * aside;
    if (!best || cost < best.cost) best = { id: box.id, cost };
  }
  return best?.id;
}
