// The page's states for people to look at. Each begins at the first stopped packet of the first scenario, at rest.
import {
  adminPage,
  cure,
  currentInView,
  goTo,
  longCapture,
  ownCapture,
  press,
  recording,
  scenario,
  screen,
  setup,
  shell,
  wide,
} from './screenshot-verbs.mjs';

/** On real gear, at a tab. */
async function gearTab(page, name) {
  await STATES.gear(page);
  await page.getByRole('tab', { name }).click();
}

/** The first recording, at rest on its first drop. */
async function firstRecording(page) {
  await recording(page, 'PPTP: two laptops, one server', 12);
}

export const STATES = {
  drop: async () => {},
  home: setup,
  end: async (page) => {
    await page.keyboard.press('End');
    await setup(page);
  },
  symptom: (page) => scenario(page, 'PPTP: two laptops, one server, the same Call ID', 49),
  flipped: async (page) => {
    await cure(page);
    await setup(page);
  },
  change: async (page) => {
    await cure(page);
    await page.keyboard.press('n');
  },
  fork: async (page) => {
    await STATES.flipped(page);
    await page.getByRole('button', { name: 'Compare with before' }).click();
  },
  device: async (page) => {
    await setup(page);
    await page.getByRole('button', { name: '+ Add a device' }).click();
    await setup(page);
    await page.getByRole('combobox', { name: 'VPN of Laptop C' }).selectOption('WireGuard');
    await setup(page);
    await page.getByRole('button', { name: 'Stop Laptop A' }).click();
    await setup(page);
    await page.getByRole('button', { name: 'More about Laptop C' }).click();
  },
  advanced: async (page) => {
    await setup(page);
    await page.getByRole('button', { name: 'Advanced…' }).click();
    await page.getByRole('dialog', { name: /^Advanced/ }).waitFor();
  },
  'advanced-linux': async (page) => {
    await setup(page);
    await page.getByRole('combobox', { name: 'Router model' }).selectOption('Linux 6.x netfilter');
    await page.getByRole('button', { name: 'Advanced…' }).click();
    await page.getByRole('dialog', { name: /^Advanced/ }).waitFor();
  },
  admin: (page) => adminPage(page, 'Textbook NAPT'),
  'admin-login': async (page) => {
    await setup(page);
    await page.getByRole('button', { name: 'Open 192.168.1.1' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
  },
  'admin-ddwrt': (page) => adminPage(page, 'DD-WRT', 'Security', 'VPN Passthrough'),
  'admin-asus': (page) => adminPage(page, 'ASUSWRT', 'WAN', 'NAT Passthrough'),
  'admin-tomato': (page) => adminPage(page, 'Tomato', 'Advanced'),
  'admin-openwrt': (page) => adminPage(page, 'OpenWrt', 'Network', 'Firewall'),
  'admin-padavan': (page) => adminPage(page, 'Padavan', 'Firewall', 'Netfilter'),
  'admin-linksys': (page) => adminPage(page, 'Linksys', 'Security', 'VPN Passthrough'),
  'admin-dlink': (page) => adminPage(page, 'D-Link DIR-300', 'Advanced', 'ALG'),
  'admin-realtek': (page) => adminPage(page, 'Realtek SDK', 'TCP/IP Settings', 'WAN Interface'),
  'admin-changed': async (page) => {
    await STATES['admin-ddwrt'](page);
    await page.getByRole('group', { name: 'PPTP Passthrough' }).getByLabel('Enable').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
  },
  'admin-linux': (page) => shell(page, 'Linux 6.x netfilter'),
  'admin-legacy': (page) => shell(page, 'Linux up to 5.0'),
  'admin-freebsd': (page) => shell(page, 'FreeBSD libalias'),
  'admin-pf': (page) => shell(page, 'pf'),
  'admin-typed': async (page) => {
    await shell(page, 'Linux 6.x netfilter');
    await page.getByRole('button', { name: 'Run: Attach the PPTP helper' }).click();
  },
  'admin-reboot': async (page) => {
    await adminPage(page, 'Textbook NAPT', 'Restart');
    await page.getByRole('button', { name: 'Reboot', exact: true }).click();
  },
  gear: async (page) => {
    await setup(page);
    await page.getByRole('button', { name: 'On real gear…' }).click();
    await page.getByRole('tab', { name: 'nftables' }).waitFor();
  },
  'gear-ios': async (page) => {
    await setup(page);
    await page.getByRole('combobox', { name: 'Router model' }).selectOption('D-Link DIR-300');
    await page.getByRole('button', { name: 'On real gear…' }).click();
    const dialog = page.getByRole('dialog', { name: 'On real gear: D-Link DIR-300' });
    for (const name of ['PPTP', 'L2TP', 'IPsec']) {
      const knob = dialog.getByRole('switch', { name: `${name} passthrough` });
      if (await knob.isChecked()) await knob.click();
    }
    await dialog.getByRole('tab', { name: 'Cisco IOS' }).click();
  },
  'gear-iptables': (page) => gearTab(page, 'iptables'),
  'gear-openwrt': (page) => gearTab(page, 'OpenWrt UCI'),
  'gear-routeros': (page) => gearTab(page, 'MikroTik RouterOS'),
  scenarios: (page) => page.keyboard.press('s'),
  all: (page) => scenario(page, 'All kinds at once', 60),
  stranger: (page) => scenario(page, 'A stranger knocks', 39),
  sdwan: (page) => scenario(page, 'SD-WAN: one tunnel over two uplinks', 20),
  untranslated: (page) => scenario(page, 'NAT switched off, and what it costs', 17),
  cgnat: (page) => scenario(page, 'Two NATs in a row', 20),
  /** Where no switch helps, and a setting of the VPN itself does. */
  setting: async (page) => {
    await scenario(page, 'ESP without NAT traversal: two laptops, one server', 0);
    await page.keyboard.press('n');
    await page.getByRole('button', { name: 'Use NAT traversal' }).waitFor();
    await currentInView(page);
  },
  'in-the-middle': async (page) => {
    await STATES.advanced(page);
    await page.getByRole('button', { name: 'Reboot now' }).click();
    await setup(page);
  },
  shared: async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await setup(page);
    await page.getByRole('button', { name: 'Share link' }).click();
    await page.getByRole('button', { name: 'Link copied' }).waitFor();
  },
  'shared-by-hand': async (page) => {
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('shut'));
    });
    await setup(page);
    await page.getByRole('button', { name: 'Share link' }).click();
    await page.getByLabel(/^The browser did not allow copying/).waitFor();
  },
  'went-wrong': async (page) => {
    await page.evaluate(() => dispatchEvent(new ErrorEvent('error', { error: new Error('the table has no row 7') })));
    await page.getByRole('alert').waitFor();
  },
  /** Without its engine the page cannot begin. */
  crash: async (page) => {
    await page.route(/engine-.*\.js$/, (route) => route.abort());
    await page.reload();
    await page.getByRole('link', { name: 'Start fresh' }).waitFor();
    await page.unroute(/engine-.*\.js$/);
  },
  damaged: async (page) => {
    await page.evaluate(() => {
      location.hash = 'scenario=none';
    });
    await page.getByText('This link is damaged').waitFor();
  },
  start: (page) => page.keyboard.press('Home'),
  flow: async (page) => {
    await goTo(page, 8);
  },
  packets: (page) => page.getByRole('tab', { name: 'Packets' }).click(),
  'packets-none': async (page) => {
    await STATES.packets(page);
    await page.getByRole('searchbox', { name: 'Words to look for' }).fill('wireguard');
  },
  'table-start': async (page) => {
    await page.keyboard.press('Home');
    await STATES.table(page);
  },
  table: (page) => page.getByRole('tab', { name: 'Table' }).click(),
  present: (page) => page.keyboard.press('p'),
  'present-change': async (page) => {
    await STATES.change(page);
    await page.keyboard.press('p');
  },
  log: (page) => page.getByRole('tab', { name: 'Log' }).click(),
  'log-none': async (page) => {
    await STATES.log(page);
    await page.getByRole('combobox', { name: 'Show' }).selectOption('what somebody did');
  },
  exposure: (page) => page.getByRole('tab', { name: 'Exposure' }).click(),
  'exposure-end': async (page) => {
    await page.keyboard.press('End');
    await page.getByRole('tab', { name: 'Exposure' }).click();
  },
  ladder: (page) => page.getByRole('tab', { name: 'Ladder' }).click(),
  recorded: firstRecording,
  on: async (page) => {
    await firstRecording(page);
    await cure(page);
    await goTo(page, 8);
  },
  gre: async (page) => {
    await firstRecording(page);
    await cure(page);
    await goTo(page, 39);
  },
  fields: async (page) => {
    await STATES.on(page);
    await page.getByLabel('all fields').check();
  },
  esp: (page) => recording(page, 'IPsec without NAT-T: raw ESP', 5),
  ike: (page) => recording(page, 'IPsec with NAT-T: two laptops, one server', 14),
  l2tp: (page) => recording(page, 'L2TP: two laptops, one server', 40),
  scripted: (page) => recording(page, 'PPTP: messages a helper trips over', 120),
  wireguard: (page) => recording(page, 'WireGuard', 2),
  open: (page) => page.keyboard.press('o'),
  'own-pair': async (page) => {
    await ownCapture(page, ['LAN', 'WAN']);
    await page.getByRole('heading', { level: 1, name: /home-lan/ }).waitFor();
    await page.getByRole('region', { name: 'Stage' }).waitFor();
    await setup(page);
    await currentInView(page);
  },
  'own-broken': async (page) => {
    await ownCapture(page, ['LAN'], 1500);
    await page.waitForTimeout(2000);
    await setup(page);
  },
  'own-refused': async (page) => {
    await ownCapture(page, ['LAN'], 10);
    await page.waitForTimeout(1000);
  },
  'own-long': longCapture,
  keys: (page) => page.keyboard.press('?'),
  matrix: async (page) => {
    await screen(page, 'Matrix');
    await page.getByText(/^All [\d,]+ cells are run/).waitFor({ timeout: 90_000 });
  },
  'matrix-off': async (page) => {
    await STATES.matrix(page);
    await page.getByRole('radio', { name: 'IPsec off' }).check();
    if (wide(page))
      await page
        .getByRole('gridcell')
        .getByRole('button', { name: /^L2TP, 2 laptops, at ASUSWRT/ })
        .focus();
    else await page.getByLabel('Router', { exact: true }).selectOption('ASUSWRT');
  },
  'matrix-begins': async (page) => {
    await screen(page, 'Matrix');
    await page.locator('main [data-code]').nth(5).waitFor();
  },
  myths: async (page) => {
    await screen(page, 'Myths');
    await page.locator('main').getByRole('heading').nth(3).waitFor();
  },
  around: async (page) => {
    await screen(page, 'Ways around');
    await page.getByText('The router sees').nth(8).waitFor();
  },
  'around-blocked': async (page) => {
    await STATES.around(page);
    await page.getByLabel('Router', { exact: true }).selectOption('ASUSWRT');
    await page.getByText('Not through this router.').waitFor();
  },
  gateway: async (page) => {
    await STATES.around(page);
    await page.getByRole('button', { name: 'See it: Site to site' }).click();
    await press(page, 'ArrowRight', 1);
  },
  cell: async (page) => {
    await STATES['matrix-off'](page);
    await page.getByRole('button', { name: /^ESP, keys by hand, 1 laptop, at ASUSWRT/ }).click();
  },
};
