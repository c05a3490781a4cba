/** The few signs on the page that are not words. All are hidden from screen readers: their buttons have names. @module */
import type { ReactNode } from 'react';

interface IconProps {
  readonly size?: number;
}

function icon(content: ReactNode) {
  return function Icon({ size = 16 }: IconProps) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {content}
      </svg>
    );
  };
}

const solid = { fill: 'currentColor', stroke: 'none' } as const;

export const PlayIcon = icon(<path d="M4.5 2.8v10.4L13.4 8z" {...solid} />);
export const PauseIcon = icon(<path d="M4 3h3v10H4zM9 3h3v10H9z" {...solid} />);
export const ForwardIcon = icon(
  <>
    <path d="M4 3.4v9.2L11 8z" {...solid} />
    <path d="M12.4 3.6v8.8" />
  </>,
);
export const BackIcon = icon(
  <>
    <path d="M12 3.4v9.2L5 8z" {...solid} />
    <path d="M3.6 3.6v8.8" />
  </>,
);
export const StartIcon = icon(<path d="M8.4 3.6v8.8L2.6 8zM14 3.6v8.8L8.2 8z" {...solid} />);
export const EndIcon = icon(<path d="M7.6 3.6v8.8L13.4 8zM2 3.6v8.8L7.8 8z" {...solid} />);
export const CrossIcon = icon(<path d="M4 4l8 8M12 4l-8 8" strokeWidth="2.2" />);
export const CheckIcon = icon(<path d="M3 8.6l3.4 3.4L13 4.6" strokeWidth="2" />);
export const ChevronIcon = icon(<path d="M4 6l4 4 4-4" />);
export const SunIcon = icon(
  <>
    <circle cx="8" cy="8" r="3" />
    <path d="M8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M12.7 3.3l-1 1M4.3 11.7l-1 1" />
  </>,
);
export const MoonIcon = icon(<path d="M13.2 9.8A5.6 5.6 0 0 1 6.2 2.8a5.6 5.6 0 1 0 7 7z" />);
/** Points at what stands to the left of it. */
export const TryIcon = icon(<path d="M14 8H3M7.4 3.4L2.8 8l4.6 4.6" strokeWidth="2.2" />);
export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />);
export const MinusIcon = icon(<path d="M3 8h10" />);
/** Four corners: all of it. */
export const WholeIcon = icon(<path d="M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3" />);
export const MoreIcon = icon(
  <>
    <circle cx="3" cy="8" r="1.4" {...solid} />
    <circle cx="8" cy="8" r="1.4" {...solid} />
    <circle cx="13" cy="8" r="1.4" {...solid} />
  </>,
);
