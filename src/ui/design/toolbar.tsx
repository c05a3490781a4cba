/** Buttons in a row: one stop of the tab key. @module */
import { type ReactNode, useRef } from 'react';
import { useOneStop } from './one-stop.ts';

interface ToolbarProps {
  readonly name: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Toolbar({ name, className, children }: ToolbarProps) {
  const box = useRef<HTMLDivElement>(null);
  useOneStop(box, 'button, input', 'across');
  return (
    <div ref={box} className={className} role="toolbar" aria-label={name}>
      {children}
    </div>
  );
}
