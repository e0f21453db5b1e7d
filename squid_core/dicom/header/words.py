"""Words by which files say what they show, one line a language: view, part of the body, who it is of.

How they are looked up is in `wording`. A word ends in `*` where any ending may follow, begins with `*` where it may end a longer
one, and has `_` for a gap. Capitals and accents do not count. Words of Chinese, Japanese and Korean are found anywhere in a
text, longer ones first. English has the defined terms of View Position (PS3.3 C.8.1.2.1.1 and C.8.11.5.1.1) and of Body Part
Examined (PS3.16 annex L) beside its own words, and the words of the code meanings of CID 4009, 4010, 4031, 19 and 20.
"""
# ruff: noqa: E501 - one line a language

from __future__ import annotations

from enum import Enum, auto


class Notion(Enum):
    """What a word says of an image; one word may say two of these, as that for "in two views"."""

    FRONTAL = auto()
    LATERAL = auto()
    OBLIQUE = auto()
    UNUSUAL = auto()  # a position in which a chest looks unlike those the detector knows
    CHEST = auto()
    NEAR_CHEST = auto()
    ELSEWHERE = auto()
    ANIMAL = auto()
    HUMAN = auto()
    NEUTRAL = auto()  # known, and says nothing of all this


WORDS: dict[Notion, dict[str, str]] = {
    Notion.FRONTAL: {
        "en": "pa ap frontal posteroanterior* anteroposterior* apview paview two_views two_view 2_views 2_view",
        "de": "frontal* vorderaufnahme dorsoventral* ventrodorsal* dv vd zwei_ebenen 2_ebenen",
        "fr": "face frontal* posteroanter* anteroposter* deux_incidences 2_incidences",
        "es": "frontal frontales posteroanterior anteroposterior dos_proyecciones 2_proyecciones",
        "pt": "frontal incidencia_frontal",
        "it": "frontale posteroanterior* anteroposterior* dorsoventrale due_proiezioni 2_proiezioni",
        "nl": "frontaal frontale voorachter* achtervoor* twee_richtingen 2_richtingen",
        "pl": "przedni* tylno* przednio* czołowe czołowa",
        "cs": "předozad* zadopřed* čeln*",
        "sv": "frontal* framifrån",
        "da": "forfra frontal*",
        "fi": "etukuva* takaetu*",
        "hu": "szemből elölnézeti",
        "ru": "прям* фронтальн* передн* задн* фас двух_проекциях 2_проекциях 2х_проекциях",
        "zh": "正面 正位 前后 前後 后前 後前 正側 正侧",
        "ja": "正面 前後 後前 正側 2方向 二方向",
        "ko": "정면 전후 후전 정측",
    },
    Notion.LATERAL: {
        "en": "lat lats lateral* ll rl llat rlat leftlateral* rightlateral* latview sideview sagittal two_views two_view 2_views 2_view",
        "de": "seitl* seitenauf* seitenbild* seitenansicht* seitenprojekt* profil zwei_ebenen 2_ebenen seite",
        "fr": "profil profils latéral* laterale* profile_gauche deux_incidences 2_incidences de_côté",
        "es": "lateral* perfil perfiles laterolateral* dos_proyecciones 2_proyecciones",
        "pt": "perfil perfis lateral*",
        "it": "laterale laterali laterolater* profilo due_proiezioni 2_proiezioni",
        "nl": "lateraal laterale dwars dwarse dwarsopname* zijdelings* zijwaarts* zijaanzicht zijopname* zijfoto* twee_richtingen 2_richtingen",
        "pl": "boczn* bok boku bokiem profilow*",
        "cs": "bočn* bok boku bokem profil profilu",
        "sv": "sidobild* sidoprojektion* sidovy från_sidan",
        "da": "sidebillede* sideoptagelse* sideprojektion* fra_siden",
        "no": "sidebilde* sideprojeksjon*",
        "fi": "sivu sivukuva* sivuprojektio* sivusta",
        "tr": "yan lateral",
        "hu": "oldalir* oldalfelv* oldalnéz* oldal",
        "ro": "profil laterala",
        "hr": "postranič* bočn*",
        "vi": "nghiêng",
        "ru": "бок боку боков* латеральн* двух_проекциях 2_проекциях 2х_проекциях профиль профиля профильн*",
        "uk": "бічн* боков*",
        "zh": "側面 侧面 側位 侧位 側照 侧照 側視 侧视 正側 正侧 側胸 侧胸",
        "ja": "側面 側位 側方 正側 ラテラル 2方向 二方向 サイド 横向き",
        "ko": "측면 측방 외측 측위 정측",
    },
    Notion.OBLIQUE: {
        "en": "lao rao lpo rpo rlo llo obl obls oblique* obliq obliqu*",
        "de": "schräg* oblique",
        "es": "oblicu*",
        "pt": "oblíqu*",
        "it": "obliqu*",
        "nl": "schuin* oblique",
        "pl": "skośn* skos*",
        "cs": "šikm*",
        "sv": "sned* snett",
        "da": "skrå skråbillede* skråoptagelse*",
        "fi": "viisto*",
        "tr": "oblik",
        "hu": "ferde*",
        "ro": "oblic oblica",
        "hr": "kosa kosi kose",
        "vi": "chếch",
        "ru": "косая косой косую косые косо коса",
        "uk": "коса косий скісн*",
        "zh": "斜位 斜面 斜",
        "ja": "斜位 斜方 斜",
        "ko": "사위 경사 사방향",
    },
    Notion.UNUSUAL: {
        "en": "lld rld decubit* crosstable cross_table xtable horizontal_beam trendelenburg decub lordo* apic*",
        "de": "*seitenlage lordot* lordosierend* apikal* hohlkreuz* dekubit*",
        "fr": "décubitus lordo* apical* apicale*",
        "es": "decúbito lordo* ápico*",
        "pt": "decúbito lordo* ápico*",
        "it": "decubito lordo* apicale*",
        "nl": "zijligging* lordo* longtoppen*",
        "pl": "na_boku leżąc_na_boku lordo* szczyt*",
        "cs": "na_boku vleže_na_boku lordo* hrot*",
        "ru": "на_боку латеропозиц* лордо* верхуш*",
        "zh": "側臥 侧卧 侧臥 前凸 前弓 肺尖",
        "ja": "側臥 前弯 肺尖 デクビ デクビトゥス",
        "ko": "측와 전만 폐첨 데큐비투스",
    },
    Notion.CHEST: {
        "en": "chest thorax lung lungs cxr pulmonary hemithorax thoracic_structure apex_of_lung pcxr",
        "de": "*thorax thorax* lunge lungen lungenaufnahme* brustkorb",
        "fr": "thorax poumon poumons pulmonaire* thoracique",
        "es": "tórax pulmon* pulmón pecho torácic*",
        "pt": "tórax torax pulmão pulmões pulmon* torácic*",
        "it": "torace toracic* polmon*",
        "nl": "thorax* longen longfoto* xthorax borstkas",
        "pl": "klatka klatki klatkę klatce piersiow* płuc* klp",
        "cs": "hrudn* hrudi hruď plic plíce plicn*",
        "sv": "lungor lungröntgen* bröstkorg* hjärta_lungor",
        "da": "lunger brystkasse* thorax",
        "fi": "keuhko* rintakehä* thorax",
        "tr": "akciğer* göğüs toraks*",
        "hu": "mellkas* tüdő*",
        "ro": "torace toracic* pulmon* plămân*",
        "hr": "pluća grudni*",
        "vi": "ngực phổi",
        "ru": "грудн* легоч* огк огп флюорограф* торакс легкие легких легкого",
        "uk": "грудн* леген*",
        "zh": "胸部 胸片 胸腔 胸廓 胸 肺",
        "ja": "胸部 胸郭 胸 肺 チェスト",
        "ko": "흉부 흉곽 가슴 폐",
    },
    Notion.NEAR_CHEST: {
        "en": "rib ribs ribcage heart mediastin* trunk sternum clavicle clavicles breast chestabdomen babygram torso",
        "de": "rippe rippen *rippen rippenthorax sternum brustbein schlüsselbein* clavicula herz brust rumpf",
        "fr": "côtes côte gril_costal clavicule* coeur seins tronc",
        "es": "costilla* costal* parrilla_costal esternón clavícula* corazón mama mamas tronco",
        "pt": "costela* arcos_costais esterno coração",
        "it": "costa coste costale costali sterno clavicol* cuore emicostato",
        "nl": "ribben sleutelbeen borstbeen hart romp",
        "pl": "żebr* mostek mostka obojczyk* serce serca",
        "cs": "žebr* hrudní_kost klíční* srdce",
        "ru": "ребер ребр* грудин* ключиц* сердц*",
        "zh": "肋骨 肋 胸骨 鎖骨 锁骨 心臟 心脏 縱隔 纵隔 乳房 軀幹 躯干",
        "ja": "肋骨 胸骨 鎖骨 心臓 縦隔 乳房 体幹",
        "ko": "늑골 갈비 흉골 쇄골 심장 종격동 유방",
    },
    Notion.ELSEWHERE: {
        "en": "abdomen abdominal* abdo kub ankle* arm arms brain calcaneus calf cspine cervical coccyx colon elbow* extremity extremities eye eyes facial femur finger fingers foot feet forearm* hand hands head heel hip hips humerus jaw joint kidney kidneys knee knees leg legs lspine lumbar lumbo* mandible maxilla neck nasal nose orbit orbits orbital patella pelvis pelvic radius sacrum scapula shoulder* sinus sinuses skull cranium spine spinal teeth tibia fibula thigh* thumb* toe toes tmj tooth dental ulna wrist* wholebody entirebody upperarm lowerleg lleg tspine tlspine sspine ctspine spleen liver bladder uterus limb limbs tarsal zygoma prostate rectum stomach pancreas gallbladder duodenum ureter urethra intestine* ileum jejunum ilium acromioclavicular sternoclavicular sacroiliac animal phantom",
        "de": "abdomen* bauch* arm bein beine *becken becken* daumen ellbogen* ellenbogen* ferse finger fuß füße *fuß gesicht hals handgelenk* hüft* kiefer *kiefer knie kniegelenk* knöchel kopf kreuzbein nase oberarm* oberschenkel* schädel* schulter* sprunggelenk* unterarm* unterschenkel* wirbelsäule* *wirbelsäule bws hws lws zahn zähne zeh zehe zehen",
        "fr": "abdom* asp avantbras bassin bras cheville* cou coude* crâne doigt* épaule* genou* hanche* jambe* mains mâchoire nez orteil* pied* poignet* pouce rachis colonne tête ventre cuisse* vertèb* lombaire* main_droite main_gauche main_d main_g",
        "es": "abdomen antebrazo* brazo* cabeza cadera* codo* columna cráneo cuello dedo* hombro* mano manos muñeca* muslo* pierna* pies rodilla* tobillo* pelvis raquis senos_paranasales vientre mandíbula fémur húmero",
        "pt": "abdome abdômen antebraço* bacia braço* cabeça coluna cotovelo* crânio dedo* joelho* mão mãos ombro* pés perna* pescoço punho* quadril tornozelo* coxa* seios_da_face",
        "it": "addome addominal* anca avambraccio bacino braccio caviglia cavo_orale collo colonna coscia cranio dita dito gamba ginocchio* gomito mano mani piede piedi polso rachide spalla spalle testa omero femore pelvi",
        "nl": "abdomen bekken* bovenarm* bovenbeen buik* elleboog* enkel* hals handen hoofd heup* kaak knie knieën nek neus onderarm* onderbeen pols polsen schedel* schouder* tenen vinger* voet voeten wervel* duim",
        "pl": "bark barku biodr* brzuch* brzuszn* czaszk* dłoń dłoni głow* kolan* kostk* kręgosłup* łok* miednic* nadgarst* noga nogi palec palca palców ramię ramienia ręka ręki ręce stopa stopy szyja szyi udo przedrami* podudzi* zatok*",
        "cs": "břich* hlava hlavy koleno kolena kotník* kyčel* kyčl* lebka lebky loket lokte noha nohy páteř* pánev pánve prst prstu prsty rameno ramena ruka ruky ruce zápěst* krk stehno bérec předloktí",
        "sv": "buk huvud hand höft* knä knän handled* fot fötter armbåge* bäcken* ryggrad skalle nacke hals tumme",
        "da": "hoved hånd hofte* knæ skulder* håndled* fod fødder albue* bækken* rygsøjle nakke hals",
        "fi": "vatsa* pää käsi kämmen* lonkka* polvi* olkapää* ranne* jalka* nilkka* lantio* selkäranka* kaularanka*",
        "tr": "karın batın kalça diz omuz bilek dirsek ayak kafa pelvis omurga boyun",
        "hu": "hasi kéz csípő* térd* váll* csukló* könyök* láb* koponya* medence* gerinc* nyak*",
        "ru": "живот* брюшн* кисть кисти кистей кисте стоп* колен* тазобедр* таз таза плеч* локт* локте* запяст* голеностоп* череп* позвоноч* рука руки нога ноги бедр* бедер голен* палец пальц* шея шеи шейн* поясничн* голов* челюст* зуб* пазух* нос носа предплеч* крестц* копчик* лопатк* сустав*",
        "zh": "胸椎 腹部 腹 手掌 手腕 手指 手部 手 足部 足 脚 腳 膝 髖 髋 骨盆 盆腔 肩胛 肩 肘 腕 踝 頭 头 顱 颅 脊 椎 腰 頸 颈 臂 腿 股骨 肱骨 指 趾 鼻 牙 齒 齿 脛骨 胫骨 腓骨 橈骨 桡骨 尺骨 骶 尾骨 颌 頜 四肢 上肢 下肢 眼 耳 副鼻竇 鼻窦",
        "ja": "胸椎 腹部 腹 手関節 手指 手 足関節 足 膝 股関節 骨盤 肩 肘 腕 頭部 頭蓋 頭 頚椎 頸椎 頚 頸 腰椎 腰 脊椎 椎体 大腿 下腿 上腕 前腕 指 趾 鼻 歯 顎 脛骨 腓骨 橈骨 尺骨 仙骨 尾骨 四肢 上肢 下肢 眼",
        "ko": "흉추 복부 배 손목 손가락 손 수부 족부 발목 발가락 발 무릎 슬관절 고관절 골반 어깨 견관절 팔꿈치 주관절 두부 두개 머리 척추 경추 요추 천골 팔 다리 대퇴 하퇴 상완 전완 코 치아 턱 목 부비동 허리 상지 하지 사지",
    },
    Notion.ANIMAL: {
        "en": "canine feline equine bovine avian veterin* dogs puppy cats kitten horse horses pony rabbit rabbits lapine ferret animal canis felis equus dog",
        "de": "hund hunde hundebiss* katzenbiss* hündin katze katzen kater pferd pferde kaninchen tierarzt* veterinär*",
        "fr": "chien chienne chiens chatte chats cheval jument lapin vétérin*",
        "es": "perro perra perros gato gata gatos caballo yegua conejo veterinari*",
        "pt": "cachorro cadela gato gata cavalo égua coelho veterinár*",
        "it": "cane cani gatto gatta gatti cavallo coniglio veterinari*",
        "nl": "hond honden katten paard paarden konijn dierenarts*",
        "pl": "suka kot kota królik* weterynar*",
        "cs": "fena kočka kočky králík* veterin*",
        "ru": "собак* кошк* кошек кот лошад* кролик* ветеринар*",
        "zh": "犬 狗 貓 猫 馬匹 马匹 兔 獸醫 兽医 寵物 宠物",
        "ja": "犬 猫 兎 獣医 ウサギ イヌ ネコ",
        "ko": "강아지 고양이 토끼 수의",
    },
    Notion.HUMAN: {
        "all": "human homo sapiens mensch humain humaine humano humana umano umana mens człowiek člověk человек 人 人类 人類 ヒト 사람 인간",
    },
    Notion.NEUTRAL: {
        "en": "x xr xray xrays ray rays rx dr cr dx sc img image images series view views exam examination study routine standard adult child children pediatric paediatric infant neonate neonatal baby upright erect standing supine prone recumbent sitting semierect portable port bedside mobile left right both bilateral inspiration inspiratory insp expiration expiratory exp with without and or of the contrast ward icu emergency trauma radiograph radiographs radiography digital screening follow up control check grid nogrid processed original default unknown none test single two one plain film normal new structure body region projection general default position procedure laterality in no views room untitled unnamed",
        "de": "röntgen* rö aufnahme aufnahmen stehend liegend sitzend bett bettaufnahme* links rechts beidseits beids bds und mit ohne kontrolle übersicht* dorsale rückenlage",
        "fr": "radio radiographie* debout couché lit gauche droite droit décubitus_dorsal assis cliché* incidence*",
        "es": "radiografía* radiológ* de_pie en_pie bipedestación decúbito_supino decúbito_dorsal izquierd* derech* portátil simple rutina",
        "pt": "radiografia* em_pé leito esquerd* direit* raio raios decúbito_dorsal incidência*",
        "it": "radiografia* rx letto sinistr* destr* ortostat* decubito_supino proiezione proiezioni",
        "nl": "röntgen* foto opname* staand liggend zittend links rechts bed",
        "pl": "rtg zdjęcie zdjęcia lewy prawy lewa prawa stojąc* leżąc* projekcja",
        "cs": "rtg snímek snímky vstoje vleže vlevo vpravo levý pravý projekce",
        "ru": "рентген* снимок снимк* обзорн* орган* клетк* клеток проекц* в и на с по стоя лежа сидя прав* лев* аппарат* палатн* исследован* цифров* стандарт* позици* рг р графия грамма картина при профилактич* осмотр",
        "zh": "線 线 片 照片 照 攝影 摄影 攝 摄 檢查 检查 部 位 面 像 圖像 图像 站立 直立 立位 臥位 卧位 仰臥 仰卧 半臥 半卧 床邊 床旁 床边 左 右 兩 两 雙 双 及 與 和 數位 数字 数位 放射 普通 常規 常规 成人 兒童 儿童 小兒 小儿 嬰兒 婴儿 單純 单纯 平片 吸氣 吸气 呼氣 呼气 前 后 後 手術 手术 術後 术后 術前 术前 系統 系统 正常 一般 例行 體檢 体检 複查 复查 光 数字化 數位化 拍片 拍攝 拍摄",
        "ja": "単純 撮影 検査 立位 臥位 仰臥 座位 坐位 吸気 呼気 レントゲン レ線 ポータブル 病棟 成人 小児 の と 画像 健診 検診 術前 術後 手術 写真 線 部 位 方向 造影 左右",
        "ko": "단순 촬영 검사 엑스레이 엑스선 영상 이동식 포터블 입위 앙와위 좌위 직립 서서 누워서 성인 소아 일반 흡기 호기 수술 손상 발열 발생 좌 우 사진 선 및 방사선 디지털 와위 폐쇄 폐기",
    },
}
