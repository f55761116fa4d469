// The board: every call is spoken once, in order, however close together they come.
(() => {
  const board = document.getElementById("board");
  const now = document.getElementById("now");
  const clips = JSON.parse(document.getElementById("voice-clips").textContent);
  const voice = window.yingtingVoice;
  const DIGITS = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
  const TOO_OLD_S = 90; // a call that old is over: its customer has come, or is missed
  const MANY = 3; // that many calls waiting to be spoken: say each once only, so that the voice keeps up
  const heard = new Set();
  const queue = [];
  let speaking = false;
  let isAllowed = false;

  const kept = (name) => { try { return localStorage.getItem(`board:${name}`) === "1"; } catch { return false; } };
  const keep = (name, on) => { try { localStorage.setItem(`board:${name}`, on ? "1" : "0"); } catch { /* a private window */ } };

  const isAscii = (text) => /^[A-Za-z0-9]+$/.test(text);
  const spelt = (number) => number.replace(/\d/g, (digit) => DIGITS[digit]).replace(/^([A-Z]+)/, "$1 ");
  const chinese = (call) => `请 ${spelt(call.number)} 号到 ${call.counter} 号台席`;
  const english = (call) => `Ticket ${call.number.split("").join(" ")}, please go to counter ${call.counter}`;

  // 5 → 五, 12 → 十二, 20 → 二十; above 99 digit by digit.
  function countClips(text, language) {
    const value = Number(text);
    if (language !== "zh" || !/^\d+$/.test(text) || value < 10 || value > 99) return signClips(text, language);
    const tens = Math.floor(value / 10);
    return [...(tens > 1 ? [`zh_${tens}`] : []), "zh_10", ...(value % 10 ? [`zh_${value % 10}`] : [])];
  }
  function signClips(text, language) {
    return [...text.toUpperCase()].map((sign) => (/\d/.test(sign) ? `${language}_${sign}` : `letter_${sign}`));
  }
  function clipsOf(call, language) {
    const names = language === "zh"
      ? ["zh_qing", ...signClips(call.number, "zh"), "zh_hao", "zh_dao", ...countClips(call.counter, "zh"), "zh_hao", "zh_taixi"]
      : ["en_ticket", ...signClips(call.number, "en"), "en_counter", ...signClips(call.counter, "en")];
    return names.map((name) => clips[name]).filter(Boolean);
  }

  async function say(call, language) {
    if (await voice.speak(language === "zh" ? chinese(call) : english(call), language)) return;
    if (isAscii(call.number) && isAscii(call.counter)) await voice.playClips(clipsOf(call, language));
  }

  async function announce(call) {
    await voice.playOne(clips.chime);
    for (let round = 0; round < (queue.length >= MANY ? 1 : 2); round += 1) {
      await say(call, "zh");
      if (kept("english")) await say(call, "en");
    }
  }

  async function work() {
    if (speaking || !isAllowed) return;
    speaking = true;
    while (queue.length) {
      const call = queue.shift();
      const age = call.age + (Date.now() - call.readAt) / 1000;
      if (!kept("mute") && age < TOO_OLD_S) await announce(call);
      board.dataset.spoken = call.key;
    }
    speaking = false;
  }

  function callsOnScreen() {
    return [...now.querySelectorAll("[data-key]")].map((element) => ({
      key: element.dataset.key, number: element.dataset.number, counter: element.dataset.counter,
      age: Number(element.dataset.age), readAt: Date.now(),
    }));
  }

  // The screen lists the newest first; they are spoken oldest first.
  function listen() {
    for (const call of callsOnScreen().reverse()) {
      if (heard.has(call.key)) continue;
      heard.add(call.key);
      queue.push(call);
    }
    work();
  }

  // What was called before this screen was there has been spoken, or missed for good.
  for (const call of callsOnScreen()) heard.add(call.key);
  now.addEventListener("htmx:afterSwap", listen);

  const startSound = document.getElementById("start-sound");
  function allow() {
    isAllowed = true;
    startSound.hidden = true;
    board.dataset.sound = "on";
    work();
  }
  startSound.addEventListener("click", () => { allow(); voice.playOne(clips.chime); });
  voice.isAllowed(clips.chime).then((allowed) => {
    if (allowed) allow();
    else { startSound.hidden = false; board.dataset.sound = "off"; }
  });

  for (const name of ["english", "mute"]) {
    const button = document.getElementById(name);
    button.setAttribute("aria-pressed", String(kept(name)));
    button.addEventListener("click", () => {
      keep(name, !kept(name));
      button.setAttribute("aria-pressed", String(kept(name)));
      if (name === "mute" && kept("mute")) voice.stop();
    });
  }

  // Waiting minutes age without any event, and a lost event must not keep a call from the wall.
  setInterval(() => htmx.trigger(document.body, "board:again"), 20000);
  // A board runs for months: a fresh page every few hours, when nothing is being said.
  const born = Date.now();
  setInterval(() => {
    if (Date.now() - born > 4 * 3600e3 && !speaking && !queue.length && navigator.onLine) {
      fetch(location.href, { method: "HEAD" }).then((answer) => { if (answer.ok) location.reload(); }).catch(() => {});
    }
  }, 60000);
})();
