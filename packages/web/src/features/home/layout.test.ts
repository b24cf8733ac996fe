import { describe, expect, it } from 'vitest';
import { across, completeLayout, defaultLayout, hide, place, show, step } from './layout.ts';

const layout = { main: ['start', 'teams', 'kinds'], side: ['problems', 'changes'], hidden: ['recent'] };

describe('the layout of the home page', () => {
  it('moves a widget up, down and no further than the ends', () => {
    expect(step(layout, 'teams', -1).main).toEqual(['teams', 'start', 'kinds']);
    expect(step(layout, 'teams', 1).main).toEqual(['start', 'kinds', 'teams']);
    expect(step(layout, 'start', -1)).toBe(layout);
    expect(step(layout, 'changes', 1)).toBe(layout);
  });

  it('has the widgets of plugins last until somebody moves them, and forgets those that are gone', () => {
    const added = ['quay:lamp', 'news:latest'];
    expect(completeLayout(undefined, added).main.slice(-2)).toEqual(added);
    const stored = { main: ['start'], side: ['quay:lamp'], hidden: ['gone:widget'] };
    const layoutNow = completeLayout(stored, added);
    expect([layoutNow.side[0], layoutNow.main.at(-1), layoutNow.hidden]).toEqual(['quay:lamp', 'news:latest', []]);
    expect(completeLayout(stored).side).not.toContain('quay:lamp');
  });

  it('moves a widget across and to any place', () => {
    expect(across(layout, 'start')).toEqual({
      ...layout,
      main: ['teams', 'kinds'],
      side: ['start', 'problems', 'changes'],
    });
    expect(across(layout, 'kinds').side).toEqual(['problems', 'changes', 'kinds']);
    expect(place(layout, 'problems', 'main', 1)).toEqual({
      ...layout,
      main: ['start', 'problems', 'teams', 'kinds'],
      side: ['changes'],
    });
  });

  it('hides a widget and shows it again', () => {
    const hidden = hide(layout, 'problems');
    expect(hidden).toEqual({ ...layout, side: ['changes'], hidden: ['recent', 'problems'] });
    expect(show(hidden, 'problems').side).toEqual(['changes', 'problems']);
    expect(show(layout, 'recent').main).toEqual(['start', 'teams', 'kinds', 'recent']);
  });

  it('has place for widgets that are new since it was stored, and none for those that are gone', () => {
    expect(completeLayout(undefined)).toBe(defaultLayout);
    expect(completeLayout({ main: ['kinds', 'weather'], side: ['teams'], hidden: ['problems'] })).toEqual({
      main: ['kinds', 'start', 'starred', 'recent'],
      side: ['teams', 'changes', 'views'],
      hidden: ['problems'],
    });
  });
});
