import type { ReactFlowInstance } from '@xyflow/react';
import { useCallback, type KeyboardEvent, type RefObject } from 'react';
import type { EntityBoxNode, FanBoxNode } from './Boxes.tsx';
import { neighbourInDirection, type Box } from './walk.ts';

type Flow = ReactFlowInstance<EntityBoxNode | FanBoxNode>;

const attribute = 'data-graph-node';
const idOf = (element: Element | null) => element?.closest(`[${attribute}]`)?.getAttribute(attribute) ?? undefined;

/** Keeps a box in sight when the focus comes to it. */
function reveal(flow: Flow, box: Box, frame: HTMLElement): void {
  const { x, y, zoom } = flow.getViewport();
  const left = box.x * zoom + x;
  const top = box.y * zoom + y;
  const inside =
    left >= 0 &&
    top >= 0 &&
    left + box.width * zoom <= frame.clientWidth &&
    top + box.height * zoom <= frame.clientHeight;
  if (!inside) void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom, duration: 0 });
}

/** Arrow keys go from box to box, Home to the root, Space looks from the box; the whole graph is one stop of the Tab key. */
export function useWalk(options: {
  frame: RefObject<HTMLElement | null>;
  flow: Flow;
  boxes: Box[];
  root: string | undefined;
  onCentre: ((ref: string) => void) | undefined;
}) {
  const { frame, flow, boxes, root, onCentre } = options;
  const focus = useCallback(
    (id: string) => {
      const box = boxes.find((each) => each.id === id);
      const element = frame.current?.querySelector<HTMLElement>(`[${attribute}="${CSS.escape(id)}"]`);
      if (!box || !element || !frame.current) return;
      for (const other of frame.current.querySelectorAll<HTMLElement>(`[${attribute}][tabindex="0"]`))
        other.tabIndex = -1;
      element.tabIndex = 0;
      element.focus({ preventScroll: true });
      reveal(flow, box, frame.current);
    },
    [boxes, flow, frame],
  );
  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      const here = idOf(event.target as Element);
      if (here === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      const isEntity = (event.target as Element).tagName === 'A';
      if (event.key === ' ' && isEntity && onCentre) {
        event.preventDefault();
        onCentre(here);
        return;
      }
      const next = event.key === 'Home' ? root : neighbourInDirection(boxes, here, event.key);
      if (next === undefined) {
        // An arrow that leads nowhere must not scroll the page instead.
        if (event.key.startsWith('Arrow')) event.preventDefault();
        return;
      }
      event.preventDefault();
      focus(next);
    },
    [boxes, focus, onCentre, root],
  );
  return { onKeyDown, focus };
}
