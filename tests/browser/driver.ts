/** The page in its user's verbs. Looks for roles and words only, never for pixels or class names. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';

export class PassthroughLab {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page at rest on its first drop: who wants no motion is shown that at once. */
  async openAtFirstDrop(address = './'): Promise<void> {
    await this.page.emulateMedia({ reducedMotion: 'reduce' });
    await this.page.goto(address);
    await this.expectVerdict(/^Stopped at the router/);
  }

  /** Opens the first of the recordings, at rest on its first drop. */
  async openFirstRecording(): Promise<void> {
    await this.openAtFirstDrop();
    await this.openRecording('PPTP: two laptops, one server', 'off');
    await this.page.keyboard.press('n');
    await this.expectStep(12, 30);
  }

  /** As a stranger does: with all its motion. */
  async open(): Promise<void> {
    await this.page.goto('./');
    await expect(this.play).toBeVisible();
  }

  /** Waits until the browser has all of the page at hand and asks its own copy. */
  async untilKept(): Promise<void> {
    await this.page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  }

  get play(): Locator {
    return this.page.getByRole('button', { name: /^(Play|Pause)$/ });
  }

  get why(): Locator {
    return this.page.getByRole('region', { name: 'Why', exact: true });
  }

  /** What is being watched, and how it ends. */
  get story(): Locator {
    return this.page.getByRole('region', { name: 'What this is' });
  }

  get bytes(): Locator {
    return this.page.getByRole('region', { name: 'Bytes', exact: true });
  }

  async expectVerdict(verdict: string | RegExp): Promise<void> {
    await expect(this.why.getByRole('heading', { name: verdict })).toBeVisible();
  }

  async expectStep(number: number, of?: number): Promise<void> {
    const place = new RegExp(`^${number}/${of ?? '\\d+'}\\b`);
    await expect(this.page.getByText(place).filter({ visible: true }).first()).toBeVisible();
  }

  async pause(): Promise<void> {
    const pause = this.page.getByRole('button', { name: 'Pause' });
    if (await pause.isVisible()) await pause.click();
  }

  async stepForward(times = 1): Promise<void> {
    for (let i = 0; i < times; i++) await this.page.getByRole('button', { name: 'One step forward' }).click();
  }

  async stepBack(times = 1): Promise<void> {
    for (let i = 0; i < times; i++) await this.page.getByRole('button', { name: 'One step back' }).click();
  }

  async nextDrop(): Promise<void> {
    await this.page.getByRole('button', { name: /^(Next|First) drop$/ }).click();
  }

  /** Where nothing is dropped: to the next place where the router writes something of its own. */
  async nextChange(): Promise<void> {
    await this.page.getByRole('button', { name: 'Next key step' }).click();
  }

  async toStart(): Promise<void> {
    await this.page.getByRole('button', { name: 'To the start' }).click();
  }

  async flip(name: string): Promise<void> {
    await this.page.getByRole('switch', { name }).click();
  }

  async show(tab: 'Packet' | 'Ladder' | 'Packets' | 'Table' | 'Set-up'): Promise<void> {
    await this.page.getByRole('tab', { name: tab, exact: true }).click();
  }

  async openScenario(title: string): Promise<void> {
    await this.page.keyboard.press('s');
    const dialog = this.page.getByRole('dialog', { name: 'Choose a scenario' });
    await dialog.getByRole('button', { name: title, exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(this.page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }

  /** To one of the screens beside the stage. */
  async goTo(screen: 'Stage' | 'Matrix' | 'Myths' | 'Ways around'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click();
  }

  /** A cell of the matrix, by the beginning of its sentence. */
  cell(situation: string, router: string, position: string): Locator {
    return this.page.getByRole('button', {
      name: new RegExp(`^${escaped(`${situation}, at ${router}, ${position}`)}: `),
    });
  }

  /** Waits until the cell has been run, and opens its run. */
  async openCell(cell: Locator): Promise<void> {
    await expect(cell).toHaveAttribute('aria-disabled', 'false');
    await cell.click();
  }

  async setMatrixTo(position: string): Promise<void> {
    await this.page.getByRole('radio', { name: position, exact: true }).check();
  }

  myth(said: string): Locator {
    return this.page.getByRole('article', { name: `Not so: ${said}` });
  }

  wayAround(name: string): Locator {
    return this.page.getByRole('listitem', { name, exact: true });
  }

  /** Another model of router in the same scenario. */
  async replaceRouter(name: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Router model' }).selectOption(name);
  }

  get atHome(): Locator {
    return this.page.getByRole('region', { name: 'At home' });
  }

  /** What was done in the middle of the run. */
  get doneInTheMiddle(): Locator {
    return this.page.getByRole('region', { name: 'Done in the middle' });
  }

  async addDevice(): Promise<void> {
    await this.page.getByRole('button', { name: '+ Add a device' }).click();
  }

  async chooseVpn(device: string, vpn: string): Promise<void> {
    await this.page.getByRole('combobox', { name: `VPN of ${device}` }).selectOption(vpn);
  }

  async chooseServer(device: string, server: string): Promise<void> {
    await this.page.getByRole('combobox', { name: `Server of ${device}` }).selectOption(server);
  }

  async letDialAgain(device: string): Promise<void> {
    await this.page.getByRole('button', { name: `More about ${device}` }).click();
    await this.page.getByLabel('Dials again when the line drops').check();
  }

  /** Pulls a device's cable at the step that is looked at, or plugs it in again. */
  async pullCable(device: string): Promise<void> {
    await this.openMoreAbout(device);
    await this.page.getByRole('button', { name: `Pull the cable of ${device}` }).click();
  }

  async plugIn(device: string): Promise<void> {
    await this.openMoreAbout(device);
    await this.page.getByRole('button', { name: `Plug the cable of ${device} in again` }).click();
  }

  private async openMoreAbout(device: string): Promise<void> {
    const more = this.page.getByRole('button', { name: `More about ${device}` });
    if ((await more.getAttribute('aria-expanded')) === 'false') await more.click();
  }

  async start(device: string): Promise<void> {
    await this.page.getByRole('button', { name: `Start ${device}` }).click();
  }

  async toEnd(): Promise<void> {
    await this.page.getByRole('button', { name: 'To the end' }).click();
  }

  async putBack(): Promise<void> {
    await this.page.getByRole('button', { name: 'Undo', exact: true }).click();
  }

  /** The router's own page, at its login. */
  async openAdminPage(): Promise<Locator> {
    await this.page.getByRole('button', { name: 'Open 192.168.1.1' }).click();
    const window = this.page.getByRole('dialog', { name: /192\.168\.1\.1/ });
    await expect(window).toBeVisible();
    return window;
  }

  async logIn(window: Locator): Promise<void> {
    await window.getByLabel('User name').fill('admin');
    await window.getByLabel('Password').fill('anything');
    await window.getByRole('button', { name: 'Log in' }).click();
  }

  /** Through the menu of the router's own page. */
  async findPage(window: Locator, ...entries: readonly string[]): Promise<void> {
    const menu = window.getByRole('navigation', { name: 'Menu of the router' });
    for (const entry of entries) await menu.getByRole('button', { name: entry, exact: true }).click();
  }

  async openAdvanced(): Promise<Locator> {
    await this.page.getByRole('button', { name: 'Advanced…' }).click();
    const dialog = this.page.getByRole('dialog', { name: /^Advanced/ });
    await expect(dialog).toBeVisible();
    return dialog;
  }

  /** Opens what the shared link leads to as another visitor would. */
  async shareWithAnother(): Promise<PassthroughLab> {
    const context = this.page.context();
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await this.page.getByRole('button', { name: 'Share link' }).click();
    await expect(this.page.getByRole('button', { name: 'Link copied' })).toBeVisible();
    const link = await this.page.evaluate(() => navigator.clipboard.readText());
    const other = await context.newPage();
    await other.goto(link);
    return new PassthroughLab(other);
  }

  async compareWithBefore(): Promise<Locator> {
    await this.page.getByRole('button', { name: 'Compare with before' }).click();
    return this.page.getByRole('dialog', { name: 'Before and now' });
  }

  /** The router at home as configuration for real ones. */
  async onRealGear(): Promise<Locator> {
    await this.page.getByRole('button', { name: 'On real gear…' }).click();
    return this.page.getByRole('dialog', { name: /^On real gear: / });
  }

  /** Opens one of the page's recordings; `position` of the PPTP switch where there are two. */
  async openRecording(title: string, position?: 'off' | 'on'): Promise<void> {
    await this.page.keyboard.press('o');
    const dialog = this.page.getByRole('dialog', { name: 'Open a recording' });
    const name = position
      ? new RegExp(`^PPTP passthrough ${position}.* ${escaped(title)}$`)
      : new RegExp(`${escaped(title)}$`);
    await dialog.getByRole('button', { name }).click();
    await expect(dialog).toBeHidden();
    await expect(this.page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }

  /** Hands over a capture of one's own, or a pair. */
  async openOwn(lan: string, wan?: string): Promise<void> {
    await this.page.keyboard.press('o');
    const dialog = this.page.getByRole('dialog', { name: 'Open a recording' });
    await dialog.getByLabel(/^LAN side/).setInputFiles(lan);
    if (wan) await dialog.getByLabel(/^WAN side/).setInputFiles(wan);
    await dialog.getByRole('button', { name: wan ? 'Replay the pair' : 'Replay the file' }).click();
    await expect(dialog).toBeHidden();
  }

  /** By the tab key alone, and the arrow keys in rows of buttons, to what bears this name. */
  async tabTo(name: string | RegExp): Promise<void> {
    const names = (said: string) => (typeof name === 'string' ? said === name : name.test(said));
    let entering = false;
    for (let pressed = 0; pressed < 200; pressed++) {
      const { said, ring, before, after } = await this.focus();
      if (names(said)) return;
      if (!ring && pressed > 0) throw new Error(`“${said}” shows no focus`);
      // The tab key comes to where one was in a row, which need not be its beginning.
      const back: number = entering ? before : 0;
      for (let i = 0; i < back; i++) await this.page.keyboard.press('ArrowLeft');
      entering = back === 0 && after === 0;
      if (back === 0) await this.page.keyboard.press(entering ? 'Tab' : 'ArrowRight');
    }
    throw new Error(`the tab key never gets to ${name}`);
  }

  /** What has the focus: its name, whether that is seen, and how many buttons stand beside it in its row. */
  focus(): Promise<{ readonly said: string; readonly ring: boolean; readonly before: number; readonly after: number }> {
    return this.page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element.textContent;
      const said = element.getAttribute('aria-label') ?? label ?? element.tagName;
      const row = [
        ...(element.closest('[role=toolbar]')?.querySelectorAll<HTMLElement>('button:enabled') ?? [element]),
      ];
      const seen = row.filter((each) => each.checkVisibility());
      return {
        said: said.trim(),
        ring: element === document.body || (outlineStyle !== 'none' && outlineWidth !== '0px'),
        before: seen.indexOf(element),
        after: seen.length - 1 - seen.indexOf(element),
      };
    });
  }

  /** What the canvas shows, as a list of the same things. */
  get stageList(): Locator {
    return this.page.getByRole('region', { name: 'Stage' });
  }

  /** Looks for something on the canvas by its tooltip, as a hand with a mouse does, and clicks it. */
  async chooseOnStage(name: RegExp): Promise<void> {
    const { x, y } = await this.spotOnStage(name);
    await this.page.mouse.click(x, y);
  }

  /** Where on the page something on the canvas is. */
  async spotOnStage(name: RegExp): Promise<{ readonly x: number; readonly y: number }> {
    const canvas = this.page.locator('canvas');
    const found = (await canvas.evaluate(titlesOn)).filter(({ title }) => name.test(title));
    // Well inside it: a finger is not exact to a part of a pixel.
    const row = found.filter(({ y }) => y === found[found.length >> 1]?.y);
    const spot = row[row.length >> 1];
    if (!spot) throw new Error(`nothing on the stage is called ${name}`);
    return spot;
  }

  /** Lets files fall on the page. */
  async dropFiles(paths: readonly string[]): Promise<void> {
    const sent = paths.map((path) => ({ name: basename(path), data: readFileSync(path).toString('base64') }));
    const transfer = await this.page.evaluateHandle((files) => {
      const carried = new DataTransfer();
      for (const { name, data } of files)
        carried.items.add(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name));
      return carried;
    }, sent);
    await this.page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  }

  /** What a capture of one's own shows. */
  get findings(): Locator {
    return this.page.getByRole('region', { name: 'What it shows' });
  }

  /** How far an opening has got. */
  get progress(): Locator {
    return this.page.getByRole('region', { name: 'Opening captures' });
  }

  /** What the canvas shows once it is drawn, to be compared with itself only. */
  picture(): Promise<string> {
    return this.page
      .locator('canvas')
      .evaluate(
        (canvas: HTMLCanvasElement) =>
          new Promise<string>((tell) =>
            requestAnimationFrame(() => requestAnimationFrame(() => tell(canvas.toDataURL()))),
          ),
      );
  }
}

interface Titled {
  readonly x: number;
  readonly y: number;
  readonly title: string;
}

/** In the page: what the canvas says of itself, from point to point. */
function titlesOn(canvas: SVGElement | HTMLElement): readonly Titled[] {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const titles: Titled[] = [];
  for (let y = top + 12; y < top + height; y += 9)
    for (let x = left + 12; x < left + width; x += 24) {
      canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: x, clientY: y, buttons: 0 }));
      titles.push({ x, y, title: canvas.getAttribute('title') ?? '' });
    }
  return titles;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
