/**
 * A frame without an origin has no storage, and its scripts end where they ask for it: those of Sphinx do so on every page. They get one that forgets
 * when the page is left. Nor may it start a worker from a file, as the search of MkDocs Material does; one that loads the file may be started.
 */
const script = `<script>(()=>{for(const name of['localStorage','sessionStorage'])try{window[name]}catch{const kept=new Map();Object.defineProperty(window,name,{value:{getItem:key=>kept.get(String(key))??null,setItem:(key,value)=>void kept.set(String(key),String(value)),removeItem:key=>void kept.delete(String(key)),clear:()=>kept.clear(),key:at=>[...kept.keys()][at]??null,get length(){return kept.size}}})}try{document.cookie}catch{Object.defineProperty(document,'cookie',{get:()=>'',set(){}})}const Own=window.Worker;if(Own&&origin==='null')window.Worker=class extends Own{constructor(address,how){const code='importScripts('+JSON.stringify(new URL(address,document.baseURI).href)+')';super(URL.createObjectURL(new Blob([code],{type:'text/javascript'})),how)}}})()</script>`;

/** A page whose scripts find what they look for. */
export const withStandIns = (html: string): string =>
  html.replace(/<head(?:\s[^>]{0,2000})?>/i, (head) => head + script);
