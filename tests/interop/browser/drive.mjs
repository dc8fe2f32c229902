// Uses the example as a person would; the first thing that is not as it should be ends it with a message and a screenshot.
import { load } from '../lib/packages.mjs';

const { chromium } = (await load('playwright-core')).default;
const HOME = process.env.EXAMPLE_URL;
const SCREENSHOTS = process.argv[2];

// What the example's pages are recognised by.
const SIGNED_IN = 'Signed in as';
const DENIED = /denied/i;
const NOT_TWICE = /already|expired|once/i;
const BUTTONS = {
  github: ['Call the API again', 'Force a refresh'],
  stack_exchange: ['Call the API again'], // its tokens cannot be refreshed
  apaleo: ['Call the API again', 'Force a refresh'],
};
const PROVIDERS = Object.keys(BUTTONS);

const text = async (page) => (await page.locator('body').innerText()).replace(/\s+/g, ' ');
const shoot = (page, name) => page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });

function check(holds, message) {
  if (!holds) throw new Error(message);
}
async function shows(page, words) {
  const body = await text(page);
  const found = words instanceof RegExp ? words.test(body) : body.includes(words);
  check(found, `${page.url()} does not say ${words}: ${body.slice(0, 300)}`);
}
const isSignedIn = async (page) => (await text(page)).includes(SIGNED_IN);

// Clicks, and waits for the page that comes of it, redirects and all.
async function click(page, target) {
  const [answer] = await Promise.all([page.waitForNavigation(), target.first().click()]);
  return answer;
}
const press = (page, label) => click(page, page.getByRole('button', { name: label }));

async function startLogin(page, provider) {
  await page.goto(HOME);
  await click(page, page.locator(`a[href="/login/${provider}"]`));
}

// From wherever the provider sent us to its consent page: it may know the user from another tab.
async function toConsent(page) {
  const password = page.locator('input[type=password]');
  if (!(await password.count())) return;
  for (const input of await page.locator('form input:not([type=hidden]):not([type=submit])').all()) {
    check(await input.inputValue(), `a field of the login page ${page.url()} is not filled in`);
  }
  await click(page, page.locator('form button, form input[type=submit]'));
}

async function approve(page) {
  await toConsent(page);
  await press(page, 'Approve');
  await shows(page, SIGNED_IN);
}

async function signsInAndOut(page, provider) {
  await startLogin(page, provider);
  await toConsent(page);
  if (provider === PROVIDERS[0]) await shoot(page, 'consent');
  await press(page, 'Approve');
  await shows(page, SIGNED_IN);
  if (provider === PROVIDERS[0]) await shoot(page, 'signed-in');
  const account = page.url();
  for (const label of BUTTONS[provider]) {
    const answer = await press(page, label);
    check(answer.ok(), `"${label}" was answered by ${answer.status()}`);
    await shows(page, SIGNED_IN);
  }
  await press(page, 'Sign out');
  await page.goto(account);
  check(!(await isSignedIn(page)), `still signed in at ${provider} after "Sign out"`);
}

async function deniesThenTriesAgain(page, provider) {
  await startLogin(page, provider);
  await toConsent(page);
  await press(page, 'Deny');
  await shows(page, DENIED);
  check(!(await isSignedIn(page)), 'signed in although consent was denied');
  await click(page, page.locator(`a[href^="/login/${provider}"]`));
  await approve(page);
}

async function signsInInTwoTabsAtOnce(first, provider) {
  const second = await first.context().newPage();
  await startLogin(first, provider);
  await startLogin(second, provider);
  await approve(first);
  await approve(second);
}

async function doesNotExchangeAgainOnReload(page, provider) {
  let callback;
  page.on('request', (request) => {
    const { origin, searchParams } = new URL(request.url());
    if (origin === new URL(HOME).origin && searchParams.has('code') && searchParams.has('state')) callback ??= request.url();
  });
  await startLogin(page, provider);
  await approve(page);
  const account = page.url();
  check(callback, 'no address of the example with a code and a state was visited');
  const answer = await page.goto(callback);
  check(answer.status() >= 400 && answer.status() < 500, `the callback's second visit was answered by ${answer.status()}`);
  await shows(page, NOT_TWICE);
  await page.goto(account);
  await shows(page, SIGNED_IN);
}

const rules = [
  ...PROVIDERS.map((provider) => [signsInAndOut, provider]),
  ...PROVIDERS.map((provider) => [deniesThenTriesAgain, provider]),
  [signsInInTwoTabsAtOnce, PROVIDERS[0]],
  [doesNotExchangeAgainOnReload, PROVIDERS[0]],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  // A container's root has no sandbox. No name but the example's resolves: nothing may come from elsewhere.
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
});

async function holds(rule, provider) {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  const errors = [];
  context.on('requestfailed', (request) => {
    // A page that is left early aborts what it was loading.
    if (request.failure().errorText !== 'net::ERR_ABORTED') errors.push(`${request.url()}: ${request.failure().errorText}`);
  });
  context.on('weberror', (error) => errors.push(`script error: ${error.error()}`));
  const page = await context.newPage();
  try {
    await rule(page, provider);
    check(!errors.length, errors.join('; '));
  } catch (error) {
    await shoot(page, 'failure').catch(() => {});
    throw error;
  } finally {
    await context.close();
  }
}

let passed = 0;
for (const [rule, provider] of rules) {
  const name = `${provider} ${rule.name}`;
  try {
    await holds(rule, provider);
    passed += 1;
    console.log(`test ${name} ... ok`);
  } catch (error) {
    console.log(`test ${name} ... FAILED: ${error.message}`);
    break;
  }
}
await browser.close();
const failed = passed === rules.length ? 0 : 1;
console.log(`test result: ${failed ? 'FAILED' : 'ok'}. ${passed} passed; ${failed} failed; 0 ignored`);
process.exit(failed);
