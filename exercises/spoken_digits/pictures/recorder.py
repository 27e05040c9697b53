"""A recorder for the browser: two seconds of the microphone, saved as a wav file of 8 kHz.

The sound stays in the browser until its file is chosen, so nothing has to reach the kernel: this works wherever the
page may use the microphone, and says so where it may not.
"""

from __future__ import annotations

from html import escape

# Runs at a click: `this` is the button, and the text beside it tells what happens.  A plain `URL` would be the page's
# address here, since an onclick looks names up in the document first.
_RECORD = """
(async (says) => {
  function wav(samples, rate) {
    const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
    const text = (at, s) => { for (let k = 0; k < s.length; k++) view.setUint8(at + k, s.charCodeAt(k)); };
    text(0, "RIFF"); view.setUint32(4, 36 + 2 * samples.length, true); text(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
    view.setUint32(24, rate, true); view.setUint32(28, 2 * rate, true); view.setUint16(32, 2, true);
    view.setUint16(34, 16, true); text(36, "data"); view.setUint32(40, 2 * samples.length, true);
    samples.forEach((s, k) => view.setInt16(44 + 2 * k, 32767 * Math.max(-1, Math.min(1, s)), true));
    return new Blob([view], {type: "audio/wav"});
  }
  try {
    if (!navigator.mediaDevices) throw "its address is neither https nor localhost";
    const stream = await navigator.mediaDevices.getUserMedia({audio: true});
    const recorder = new MediaRecorder(stream), parts = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    const stopped = new Promise((done) => { recorder.onstop = done; });
    says.textContent = "speak now: one digit";
    recorder.start();
    await new Promise((done) => setTimeout(done, 2000));
    recorder.stop();
    await stopped;
    stream.getTracks().forEach((track) => track.stop());
    const context = new AudioContext();
    const sound = await context.decodeAudioData(await new Blob(parts).arrayBuffer());
    const rate = 8000, slow = new OfflineAudioContext(1, Math.ceil(sound.duration * rate), rate);
    const source = slow.createBufferSource();
    source.buffer = sound; source.connect(slow.destination); source.start();
    const word = (await slow.startRendering()).getChannelData(0);
    context.close();
    const link = document.createElement("a");
    link.href = window.URL.createObjectURL(wav(word, rate)); link.download = "my_word.wav";
    link.textContent = "save my_word.wav";
    says.replaceChildren(link, ", then choose it below");
  } catch (error) {
    says.textContent = (error.name === "NotFoundError" ? "No microphone was found" :
      "This page may not use the microphone (" + error + ")") +
      ". Record a wav file with any other program, and choose it below.";
  }
})(this.nextElementSibling)
"""

RECORDER = (
    f'<div><button style="padding:4px 10px" onclick="{escape(_RECORD)}">record 2 seconds</button> '
    '<span role="status">then save the file, and choose it below</span></div>'
)
