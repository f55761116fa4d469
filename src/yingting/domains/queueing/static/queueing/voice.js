// Speaking without the internet: the browser's own local voice where there is one, else our shipped clips.
(() => {
  const speech = () => window.speechSynthesis;
  const matches = (voice, language) => voice.lang.toLowerCase().replace("_", "-").startsWith(language);

  // Only a voice that lives on this machine: a remote one falls silent when the line to the internet does.
  function localVoice(language) {
    if (!speech()) return null;
    const wanted = language === "en" ? "en" : "zh";
    const local = speech().getVoices().filter((voice) => voice.localService && matches(voice, wanted));
    return local.find((voice) => matches(voice, "zh-cn")) || local.find((voice) => !matches(voice, "zh-hk")) || null;
  }

  // Chromium at times forgets to fire "end"; nobody may wait for it for ever.
  function speak(text, language) {
    const voice = localVoice(language);
    if (!voice) return Promise.resolve(false);
    return new Promise((done) => {
      const words = new SpeechSynthesisUtterance(text);
      words.voice = voice;
      words.lang = voice.lang;
      words.rate = 0.95;
      const end = () => { clearTimeout(limit); done(true); };
      const limit = setTimeout(end, 15000);
      words.onend = end;
      words.onerror = end;
      speech().speak(words);
    });
  }

  function playOne(url) {
    return new Promise((done) => {
      const clip = new Audio(url);
      const end = () => { clearTimeout(limit); done(); };
      const limit = setTimeout(end, 10000);
      clip.addEventListener("ended", end);
      clip.addEventListener("error", end);
      clip.play().catch(end);
      window.yingtingVoice.playing = clip;
    });
  }

  async function playClips(urls) {
    for (const url of urls) await playOne(url);
  }

  // Does the browser let this page make a sound without being touched first?
  async function isAllowed(probe) {
    if (navigator.userActivation && navigator.userActivation.hasBeenActive) return true;
    const clip = new Audio(probe);
    clip.volume = 0;
    try {
      await clip.play();
      clip.pause();
      return true;
    } catch (error) {
      return error.name !== "NotAllowedError";
    }
  }

  function stop() {
    if (speech()) speech().cancel();
    if (window.yingtingVoice.playing) window.yingtingVoice.playing.pause();
  }

  window.yingtingVoice = { localVoice, speak, playClips, playOne, isAllowed, stop, playing: null };
  // The list of voices arrives late in some browsers; asking once starts its loading.
  if (speech()) speech().getVoices();
})();
