// What a tapped action does, as on a phone.

import { t, toast } from "./dom.js";
import { choosePicture, choosePlace, chooseTime, takePhoto } from "./dialogs.js";
import { ownAddress } from "./net.js";

export async function perform(phone, action) {
  const doing = {
    message: () => phone.act("say", { text: action.text }),
    postback: () => postback(phone, action),
    uri: () => openLink(action.uri),
    camera: () => takePhoto(phone),
    cameraRoll: () => choosePicture(phone),
    location: () => choosePlace(phone),
    datetimepicker: () => chooseTime(phone, action),
    clipboard: () => copy(action.clipboardText),
    richmenuswitch: () => phone.act("switch-menu", { alias: action.richMenuAliasId, data: action.data }),
  }[action.type];
  // A second tap within the same breath is a slip, not a wish.
  if (!doing || phone.busy) return;
  phone.busy = true;
  setTimeout(() => {
    phone.busy = false;
  }, 350);
  await doing();
}

function postback(phone, action) {
  if (action.inputOption === "openKeyboard") phone.write(action.fillInText ?? "");
  return phone.act("tap", { data: action.data, displayText: action.displayText, text: action.text });
}

function openLink(address) {
  if (address.startsWith("tel:")) return toast(`${t("calling")} ${address.slice(4)}`);
  if (address.startsWith("line:") || /^https:\/\/(line\.me|liff\.line\.me)\//.test(address))
    return toast(t("in_line_only"));
  window.open(ownAddress(address) ?? address, "_blank", "noopener,noreferrer");
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${t("copied")}: ${text}`);
  } catch {
    toast(text);
  }
}
