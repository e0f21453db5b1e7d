<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_TW" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>Window presets</source>
        <translation>預設窗值</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>開啟資料夾…</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>開啟檔案…</translation>
    </message>
    <message>
        <source>Query a PACS…</source>
        <translation>查詢 PACS…</translation>
    </message>
    <message>
        <source>Open demonstration</source>
        <translation>開啟示範資料</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>匯出…</translation>
    </message>
    <message>
        <source>Export picture of the panes…</source>
        <translation>匯出窗格畫面…</translation>
    </message>
    <message>
        <source>Print report page…</source>
        <translation>列印報告頁…</translation>
    </message>
    <message>
        <source>Print picture of the panes…</source>
        <translation>列印窗格畫面…</translation>
    </message>
    <message>
        <source>Export worklist…</source>
        <translation>匯出工作清單…</translation>
    </message>
    <message>
        <source>Copy image and sentence</source>
        <translation>複製影像與文字說明</translation>
    </message>
    <message>
        <source>Send results…</source>
        <translation>傳送結果…</translation>
    </message>
    <message>
        <source>Outbox…</source>
        <translation>傳送匣…</translation>
    </message>
    <message>
        <source>Import report…</source>
        <translation>匯入報告…</translation>
    </message>
    <message>
        <source>Header of the file…</source>
        <translation>檔案標頭…</translation>
    </message>
    <message>
        <source>Stop importing, scoring and exporting</source>
        <translation>停止匯入、評分與匯出</translation>
    </message>
    <message>
        <source>Resume scoring</source>
        <translation>繼續評分</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>設定…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>結束</translation>
    </message>
    <message>
        <source>Turn and mirror</source>
        <translation>旋轉與鏡像</translation>
    </message>
    <message>
        <source>Pan and crosshair</source>
        <translation>平移與十字線</translation>
    </message>
    <message>
        <source>Window, gamma, contrast</source>
        <translation>窗值、伽瑪、對比</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比較</translation>
    </message>
    <message>
        <source>Fit to pane</source>
        <translation>符合窗格大小</translation>
    </message>
    <message>
        <source>Actual size, 1:1</source>
        <translation>實際大小，1:1</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>縮小</translation>
    </message>
    <message>
        <source>Reset view and greys</source>
        <translation>重設檢視與灰階</translation>
    </message>
    <message>
        <source>Turn left</source>
        <translation>向左旋轉</translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation>向右旋轉</translation>
    </message>
    <message>
        <source>Mirror, left to right</source>
        <translation>左右鏡像</translation>
    </message>
    <message>
        <source>Mirror, top to bottom</source>
        <translation>上下翻轉</translation>
    </message>
    <message>
        <source>Pan left</source>
        <translation>向左平移</translation>
    </message>
    <message>
        <source>Pan right</source>
        <translation>向右平移</translation>
    </message>
    <message>
        <source>Pan up</source>
        <translation>向上平移</translation>
    </message>
    <message>
        <source>Pan down</source>
        <translation>向下平移</translation>
    </message>
    <message>
        <source>Crosshair left</source>
        <translation>十字線向左</translation>
    </message>
    <message>
        <source>Crosshair right</source>
        <translation>十字線向右</translation>
    </message>
    <message>
        <source>Crosshair up</source>
        <translation>十字線向上</translation>
    </message>
    <message>
        <source>Crosshair down</source>
        <translation>十字線向下</translation>
    </message>
    <message>
        <source>Own window 7</source>
        <translation>自訂窗值 7</translation>
    </message>
    <message>
        <source>Own window 8</source>
        <translation>自訂窗值 8</translation>
    </message>
    <message>
        <source>Own window 9</source>
        <translation>自訂窗值 9</translation>
    </message>
    <message>
        <source>Own windows…</source>
        <translation>自訂窗值…</translation>
    </message>
    <message>
        <source>More contrast, narrower window</source>
        <translation>提高對比，縮小窗寬</translation>
    </message>
    <message>
        <source>Less contrast, wider window</source>
        <translation>降低對比，加大窗寬</translation>
    </message>
    <message>
        <source>Brighter, lower level</source>
        <translation>較亮，降低窗位</translation>
    </message>
    <message>
        <source>Darker, higher level</source>
        <translation>較暗，提高窗位</translation>
    </message>
    <message>
        <source>Gamma up</source>
        <translation>提高伽瑪</translation>
    </message>
    <message>
        <source>Gamma down</source>
        <translation>降低伽瑪</translation>
    </message>
    <message>
        <source>One large, three small</source>
        <translation>一大三小</translation>
    </message>
    <message>
        <source>As shipped for studies like this</source>
        <translation>此類檢查恢復原廠排列</translation>
    </message>
    <message>
        <source>Reading mode: images and score alone</source>
        <translation>閱片模式：只留影像與分數</translation>
    </message>
    <message>
        <source>Pane into a window of its own, and back</source>
        <translation>窗格移至獨立視窗，再按移回</translation>
    </message>
    <message>
        <source>Worklist into a window of its own, and back</source>
        <translation>工作清單移至獨立視窗，再按移回</translation>
    </message>
    <message>
        <source>Go to the original</source>
        <translation>前往原始影像</translation>
    </message>
    <message>
        <source>Go to the reconstruction</source>
        <translation>前往重建影像</translation>
    </message>
    <message>
        <source>Go to the difference</source>
        <translation>前往差異圖</translation>
    </message>
    <message>
        <source>Go to the memory</source>
        <translation>前往記憶</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>下一個窗格</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>上一個窗格</translation>
    </message>
    <message>
        <source>Flicker: reconstruction in the original&apos;s place</source>
        <translation>閃爍：在原始影像的位置顯示重建影像</translation>
    </message>
    <message>
        <source>Swipe: a line between original and reconstruction</source>
        <translation>滑動比較：以一條線分隔原始影像與重建影像</translation>
    </message>
    <message>
        <source>Move the line left</source>
        <translation>將分隔線左移</translation>
    </message>
    <message>
        <source>Move the line right</source>
        <translation>將分隔線右移</translation>
    </message>
    <message>
        <source>Magnifier at the cursor</source>
        <translation>游標處放大鏡</translation>
    </message>
    <message>
        <source>Invert greys</source>
        <translation>灰階反轉</translation>
    </message>
    <message>
        <source>Map over the original</source>
        <translation>原始影像上的圖層</translation>
    </message>
    <message>
        <source>Next map over the original</source>
        <translation>原始影像上的下一個圖層</translation>
    </message>
    <message>
        <source>Next map in the difference pane</source>
        <translation>差異窗格的下一張圖</translation>
    </message>
    <message>
        <source>Corner text</source>
        <translation>角落文字</translation>
    </message>
    <message>
        <source>Graphics of the file</source>
        <translation>檔案的圖形</translation>
    </message>
    <message>
        <source>Mask names</source>
        <translation>遮蔽姓名</translation>
    </message>
    <message>
        <source>Settings panel</source>
        <translation>設定面板</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全螢幕</translation>
    </message>
    <message>
        <source>Menu bar</source>
        <translation>選單列</translation>
    </message>
    <message>
        <source>Menu of what has the focus</source>
        <translation>目前項目的快顯選單</translation>
    </message>
    <message>
        <source>Let go, leave, stop</source>
        <translation>放開、離開、停止</translation>
    </message>
    <message>
        <source>Window and level</source>
        <translation>窗寬／窗位</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>長度</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>角度</translation>
    </message>
    <message>
        <source>Cardiothoracic ratio</source>
        <translation>心胸比</translation>
    </message>
    <message>
        <source>Region, ellipse</source>
        <translation>區域（橢圓）</translation>
    </message>
    <message>
        <source>Region, rectangle</source>
        <translation>區域（矩形）</translation>
    </message>
    <message>
        <source>Arrow</source>
        <translation>箭頭</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>註記</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>復原</translation>
    </message>
    <message>
        <source>Undo: {deed}</source>
        <translation>復原：{deed}</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Redo: {deed}</source>
        <translation>重做：{deed}</translation>
    </message>
    <message>
        <source>Select next mark</source>
        <translation>選取下一個標記</translation>
    </message>
    <message>
        <source>Select previous mark</source>
        <translation>選取上一個標記</translation>
    </message>
    <message>
        <source>Change the words…</source>
        <translation>修改文字…</translation>
    </message>
    <message>
        <source>Show marks</source>
        <translation>顯示標記</translation>
    </message>
    <message>
        <source>Delete mark</source>
        <translation>刪除標記</translation>
    </message>
    <message>
        <source>Delete all marks of the image</source>
        <translation>刪除此影像的所有標記</translation>
    </message>
    <message>
        <source>Next study that is not read</source>
        <translation>下一筆未判讀的檢查</translation>
    </message>
    <message>
        <source>Back to the study before</source>
        <translation>回到上一個看過的檢查</translation>
    </message>
    <message>
        <source>Filter the worklist</source>
        <translation>篩選工作清單</translation>
    </message>
    <message>
        <source>One line a study</source>
        <translation>每筆檢查一行</translation>
    </message>
    <message>
        <source>Next study</source>
        <translation>下一筆檢查</translation>
    </message>
    <message>
        <source>Previous study</source>
        <translation>上一筆檢查</translation>
    </message>
    <message>
        <source>Next image</source>
        <translation>下一張影像</translation>
    </message>
    <message>
        <source>Previous image</source>
        <translation>上一張影像</translation>
    </message>
    <message>
        <source>Next presentation state, and as in the file</source>
        <translation>下一個呈現狀態，最後回到檔案原樣</translation>
    </message>
    <message>
        <source>Previous presentation state</source>
        <translation>上一個呈現狀態</translation>
    </message>
    <message>
        <source>Accept the finding</source>
        <translation>接受此發現</translation>
    </message>
    <message>
        <source>Reject the finding</source>
        <translation>否定此發現</translation>
    </message>
    <message>
        <source>The whole study is normal</source>
        <translation>整筆檢查正常</translation>
    </message>
    <message>
        <source>No judgement</source>
        <translation>清除判斷</translation>
    </message>
    <message>
        <source>Mark read without a judgement</source>
        <translation>標為已判讀（不作判斷）</translation>
    </message>
    <message>
        <source>Mark unread</source>
        <translation>標為未判讀</translation>
    </message>
    <message>
        <source>Analyse all with the same question</source>
        <translation>分析所有相同問題的影像</translation>
    </message>
    <message>
        <source>The score in words and picture…</source>
        <translation>以文字和圖說明分數…</translation>
    </message>
    <message>
        <source>Replace by normal, ellipse</source>
        <translation>以正常影像取代，橢圓</translation>
    </message>
    <message>
        <source>Replace by normal, rectangle</source>
        <translation>以正常影像取代，矩形</translation>
    </message>
    <message>
        <source>Shuffle memory</source>
        <translation>打亂記憶</translation>
    </message>
    <message>
        <source>Back to locked settings</source>
        <translation>回到鎖定設定</translation>
    </message>
    <message>
        <source>Remove from worklist</source>
        <translation>自工作清單移除</translation>
    </message>
    <message>
        <source>Guide…</source>
        <translation>使用指南…</translation>
    </message>
    <message>
        <source>Keys and mouse…</source>
        <translation>按鍵與滑鼠…</translation>
    </message>
    <message>
        <source>Notices…</source>
        <translation>通知…</translation>
    </message>
    <message>
        <source>About and research use…</source>
        <translation>關於本程式與研究用途…</translation>
    </message>
    <message>
        <source>File</source>
        <translation>檔案</translation>
    </message>
    <message>
        <source>View</source>
        <translation>檢視</translation>
    </message>
    <message>
        <source>Only the copies that wait here go; study, score, marks and judgement stay.</source>
        <translation>只移除在此等候的副本；檢查、分數、標記與判斷均保留。</translation>
    </message>
    <message>
        <source>Outbox</source>
        <translation>傳送匣</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>檢查</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系統</translation>
    </message>
    <message>
        <source>Tries</source>
        <translation>次數</translation>
    </message>
    <message>
        <source>Next try</source>
        <translation>下次嘗試</translation>
    </message>
    <message>
        <source>What it said</source>
        <translation>對方的回應</translation>
    </message>
    <message>
        <source>Send the chosen rows now, or all of them where none is chosen.</source>
        <translation>立即傳送所選的列；未選取時傳送全部。</translation>
    </message>
    <message>
        <source>Take the chosen rows out of the outbox; they are not sent.</source>
        <translation>將所選的列移出傳送匣，不再傳送。</translation>
    </message>
    <message>
        <source>Give up…</source>
        <translation>放棄…</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>遭拒絕</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等候中</translation>
    </message>
    <message>
        <source>Not send this result?</source>
        <translation>不傳送此結果？</translation>
    </message>
    <message>
        <source>Not send these {count} results?</source>
        <translation>不傳送這 {count} 項結果？</translation>
    </message>
    <message>
        <source>Give up</source>
        <translation>放棄</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>說明</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>測量</translation>
    </message>
    <message>
        <source>Point and click in the memory pane</source>
        <translation>在記憶窗格中指向與按一下</translation>
    </message>
    <message>
        <source>Show the memory entries of a patch; a click keeps it, a second one lets go</source>
        <translation>顯示該區塊的記憶條目；按一下固定，再按一次放開</translation>
    </message>
    <message>
        <source>Esc, one step at a time</source>
        <translation>Esc，一次一步</translation>
    </message>
    <message>
        <source>Drift watch…</source>
        <translation>漂移監測…</translation>
    </message>
    <message>
        <source>Learn this hospital…</source>
        <translation>學習本院影像…</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>滾輪</translation>
    </message>
    <message>
        <source>Next and previous image of the study; zoom where there is only one</source>
        <translation>檢查的下一張與上一張影像；只有一張時為縮放</translation>
    </message>
    <message>
        <source>Window and level; finely with Ctrl, or with Shift once the drag has begun; pan where there is no window</source>
        <translation>窗寬與窗位；按住 Ctrl，或拖曳開始後按住 Shift，可微調；無法調整灰階的窗格則為平移</translation>
    </message>
    <message>
        <source>Pan all panes</source>
        <translation>平移所有窗格</translation>
    </message>
    <message>
        <source>Zoom all panes</source>
        <translation>縮放所有窗格</translation>
    </message>
    <message>
        <source>Zoom all panes to the cursor</source>
        <translation>以游標為中心縮放所有窗格</translation>
    </message>
    <message>
        <source>Shift + left drag</source>
        <translation>Shift + 左鍵拖曳</translation>
    </message>
    <message>
        <source>Ctrl + wheel</source>
        <translation>Ctrl + 滾輪</translation>
    </message>
    <message>
        <source>Right click on an image</source>
        <translation>在影像上按右鍵</translation>
    </message>
    <message>
        <source>What can be done with it, in a menu</source>
        <translation>以選單列出可對影像進行的操作</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>按兩下</translation>
    </message>
    <message>
        <source>One pane alone, and back</source>
        <translation>單獨顯示一個窗格，再按一次還原</translation>
    </message>
    <message>
        <source>Drag on the line of a swipe</source>
        <translation>拖曳滑動比較的分隔線</translation>
    </message>
    <message>
        <source>Move it; arrow keys do it once it has the focus</source>
        <translation>移動分隔線；取得焦點後可用方向鍵移動</translation>
    </message>
    <message>
        <source>Arrow keys in the memory pane</source>
        <translation>在記憶窗格中按方向鍵</translation>
    </message>
    <message>
        <source>Walk over the patches; Enter goes to their entries; Esc lets go</source>
        <translation>在區塊間移動；Enter 進入其條目；Esc 放開</translation>
    </message>
    <message>
        <source>Click, Del or Enter on an entry</source>
        <translation>在條目上按一下、Del 或 Enter</translation>
    </message>
    <message>
        <source>Try without it, and put it back</source>
        <translation>試試沒有它的結果，再放回去</translation>
    </message>
    <message>
        <source>Click or drag with a tool</source>
        <translation>以工具點按或拖曳</translation>
    </message>
    <message>
        <source>Draw; a drag on a handle or line changes a mark; with Ctrl in steps of 45°</source>
        <translation>繪製；拖曳控制點或線條可修改標記；按住 Ctrl 以 45° 為單位</translation>
    </message>
    <message>
        <source>Double click on words</source>
        <translation>在文字上按兩下</translation>
    </message>
    <message>
        <source>Change the words of a note or arrow</source>
        <translation>修改註記或箭頭的文字</translation>
    </message>
    <message>
        <source>Arrow keys with a tool</source>
        <translation>使用工具時按方向鍵</translation>
    </message>
    <message>
        <source>Move the crosshair, with Shift by ten; Enter places a point</source>
        <translation>移動十字線，按住 Shift 每次移動十格；Enter 放置一點</translation>
    </message>
    <message>
        <source>Arrow keys on a selected mark</source>
        <translation>選取標記時按方向鍵</translation>
    </message>
    <message>
        <source>Move it; Enter takes its next handle</source>
        <translation>移動標記；Enter 換到下一個控制點</translation>
    </message>
    <message>
        <source>Ends the peek; drops the drawing, the tool, the patch; leaves swipe, magnifier, one pane, reading mode, full screen; then stops scoring</source>
        <translation>依序結束重建影像的暫時檢視，取消繪圖、工具與區塊，離開滑動比較、放大鏡、單一窗格、閱片模式與全螢幕，最後停止評分</translation>
    </message>
    <message>
        <source>Left drag</source>
        <translation>左鍵拖曳</translation>
    </message>
    <message>
        <source>Middle drag</source>
        <translation>中鍵拖曳</translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation>右鍵拖曳</translation>
    </message>
    <message>
        <source> or </source>
        <translation> 或 </translation>
    </message>
    <message>
        <source>Analyse anyway</source>
        <translation>仍要分析</translation>
    </message>
    <message>
        <source>Score this image although the program is not sure it may.</source>
        <translation>程式無法確定是否適用，仍為此影像評分。</translation>
    </message>
    <message>
        <source>SQUID Viewer shows beside every chest radiograph the normal image that SQUID imagines for it, and sorts a worklist by how little an image resembles the normal anatomy it remembers. SQUID: Xiang et al., “SQUID: Deep Feature In-Painting for Unsupervised Anomaly Detection”, CVPR 2023.</source>
        <translation>SQUID Viewer 在每張胸部X光旁顯示 SQUID 所推想的正常影像，並依影像與其記憶中正常解剖構造的差異程度排序工作清單。SQUID：Xiang 等人，〈SQUID: Deep Feature In-Painting for Unsupervised Anomaly Detection〉，CVPR 2023。</translation>
    </message>
    <message>
        <source>It is a tool for research and teaching. Its scores have not been validated for any clinical use; it must not be used to diagnose, treat or triage patients. A low score does not mean that an image is normal.</source>
        <translation>本程式為研究與教學工具。其分數未經任何臨床用途驗證，不得用於病人的診斷、治療或檢傷分類。分數低並不代表影像正常。</translation>
    </message>
    <message>
        <source>Import report</source>
        <translation>匯入報告</translation>
    </message>
    <message>
        <source>{images} of {found} files are images and are in the worklist.</source>
        <translation>{found} 個檔案中有 {images} 個是影像，已列入工作清單。</translation>
    </message>
    <message>
        <source>The import was stopped.</source>
        <translation>匯入已停止。</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>檔案</translation>
    </message>
    <message>
        <source>Left out because</source>
        <translation>略過原因</translation>
    </message>
    <message>
        <source>Reasons</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>1 file is damaged:</source>
        <translation>1 個檔案損壞：</translation>
    </message>
    <message>
        <source>{count} files are damaged:</source>
        <translation>{count} 個檔案損壞：</translation>
    </message>
    <message>
        <source>{count} more are not listed.</source>
        <translation>另有 {count} 個未列出。</translation>
    </message>
    <message>
        <source>Try all again</source>
        <translation>全部再試一次</translation>
    </message>
    <message>
        <source>Read the damaged files once more.</source>
        <translation>重新讀取損壞的檔案。</translation>
    </message>
    <message>
        <source>The chosen rows, or all of them, as text for a table.</source>
        <translation>將選取的列（未選取則為全部）複製為表格文字。</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>問題</translation>
    </message>
    <message>
        <source>Damaged files</source>
        <translation>損壞的檔案</translation>
    </message>
    <message>
        <source>Notices</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Nothing to report yet.</source>
        <translation>目前沒有通知。</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>類別</translation>
    </message>
    <message>
        <source>What happened and what to do</source>
        <translation>發生的事與處理方式</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>詳細資料</translation>
    </message>
    <message>
        <source>What each message means and what to do, in the guide</source>
        <translation>在指南中查看每則訊息的意義與處理方式</translation>
    </message>
    <message>
        <source>What to do…</source>
        <translation>如何處理…</translation>
    </message>
    <message>
        <source>About SQUID Viewer</source>
        <translation>關於 SQUID Viewer</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>版本 {version}</translation>
    </message>
    <message>
        <source>Software inside…</source>
        <translation>內含軟體…</translation>
    </message>
    <message>
        <source>What this program is made of, with versions and licences</source>
        <translation>本程式所使用的軟體，附版本與授權條款</translation>
    </message>
    <message>
        <source>Keys and mouse</source>
        <translation>按鍵與滑鼠</translation>
    </message>
    <message>
        <source>Search for an action or a key</source>
        <translation>搜尋功能或按鍵</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>按鍵</translation>
    </message>
    <message>
        <source>Second key</source>
        <translation>第二按鍵</translation>
    </message>
    <message>
        <source>Reset this</source>
        <translation>重設此項</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重設</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>改用於此</translation>
    </message>
    <message>
        <source>Key or mouse</source>
        <translation>按鍵或滑鼠</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>功能</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>選單</translation>
    </message>
    <message>
        <source>{keys} (changed)</source>
        <translation>{keys}（已變更）</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>滑鼠</translation>
    </message>
    <message>
        <source>What drags and the wheel do is chosen in the settings, under Keys and mouse.</source>
        <translation>拖曳與滾輪的作用可在設定的「按鍵與滑鼠」中選擇。</translation>
    </message>
    <message>
        <source>{key} cannot be given away: it moves between the controls.</source>
        <translation>{key} 用於在控制項之間移動，不能指定給功能。</translation>
    </message>
    <message>
        <source>{key} is already the key of “{action}”. Take it from there, or choose another.</source>
        <translation>{key} 已是「{action}」的按鍵。可改用於此，或選擇其他按鍵。</translation>
    </message>
    <message>
        <source>from source</source>
        <translation>原始碼版本</translation>
    </message>
    <message>
        <source>Drop a folder of DICOM files here</source>
        <translation>將含有 DICOM 檔案的資料夾拖放到這裡</translation>
    </message>
    <message>
        <source>Chest radiographs are scored in the background and sorted by how little they resemble normal ones. Files stay where they are; nothing is written beside them and nothing leaves this computer.</source>
        <translation>胸部X光會在背景評分，並依與正常影像的差異程度排序。檔案留在原處，不會在旁寫入任何資料，也不會有任何資料離開這台電腦。</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>開啟資料夾</translation>
    </message>
    <message>
        <source>Reading the stored worklist…</source>
        <translation>正在讀取已儲存的工作清單…</translation>
    </message>
    <message>
        <source>Looking through the folder…</source>
        <translation>正在查看資料夾…</translation>
    </message>
    <message>
        <source>No images were found there</source>
        <translation>該處找不到影像</translation>
    </message>
    <message>
        <source>Query a PACS</source>
        <translation>查詢 PACS</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>查詢</translation>
    </message>
    <message>
        <source>Ask the chosen system; Enter does the same.</source>
        <translation>查詢所選的系統；按 Enter 亦可。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stop asking or fetching; what is here stays here.</source>
        <translation>停止查詢或擷取；已取得的檔案保留在本機。</translation>
    </message>
    <message>
        <source>Fetch</source>
        <translation>擷取</translation>
    </message>
    <message>
        <source>Fetch the chosen studies into the worklist; Enter in the list does it too.</source>
        <translation>將所選的檢查擷取到工作清單；在清單中按 Enter 亦可。</translation>
    </message>
    <message>
        <source>Set up…</source>
        <translation>設定…</translation>
    </message>
    <message>
        <source>Open the settings of the network.</source>
        <translation>開啟網路設定。</translation>
    </message>
    <message>
        <source>Choose what to look for, then press Enter.</source>
        <translation>請選擇查詢條件，再按 Enter。</translation>
    </message>
    <message>
        <source>Asking {system}…</source>
        <translation>正在查詢 {system}…</translation>
    </message>
    <message>
        <source>{system}: {sentence}</source>
        <translation>{system}：{sentence}</translation>
    </message>
    <message>
        <source>Fetch {count} studies</source>
        <translation>擷取 {count} 筆檢查</translation>
    </message>
    <message>
        <source>{system} has no study like that.</source>
        <translation>{system} 沒有符合條件的檢查。</translation>
    </message>
    <message>
        <source>1 study at {system}.</source>
        <translation>{system} 有 1 筆檢查。</translation>
    </message>
    <message>
        <source>{count} studies at {system}, newest first.</source>
        <translation>{system} 有 {count} 筆檢查，最新的在前。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>繼續</translation>
    </message>
    <message>
        <source>Score what was stopped</source>
        <translation>為先前停止的影像評分</translation>
    </message>
    <message>
        <source>Which files were left out, and why</source>
        <translation>哪些檔案被略過，以及原因</translation>
    </message>
    <message>
        <source>All notices…</source>
        <translation>所有通知…</translation>
    </message>
    <message>
        <source>All notices with their details</source>
        <translation>所有通知與其詳細資料</translation>
    </message>
    <message>
        <source>Dismiss the notice</source>
        <translation>關閉通知</translation>
    </message>
    <message>
        <source>Exporting {number} of {total}</source>
        <translation>正在匯出第 {number} 張，共 {total} 張</translation>
    </message>
    <message>
        <source>Analysing {number} of {total}</source>
        <translation>正在分析第 {number} 張，共 {total} 張</translation>
    </message>
    <message>
        <source>{number} analysed</source>
        <translation>已分析 {number} 張</translation>
    </message>
    <message>
        <source>{number} files left out</source>
        <translation>略過 {number} 個檔案</translation>
    </message>
    <message>
        <source>1 file left out</source>
        <translation>略過 1 個檔案</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Open a folder of DICOM files</source>
        <translation>開啟含有 DICOM 檔案的資料夾</translation>
    </message>
    <message>
        <source>Where do the missing files lie now?</source>
        <translation>遺失的檔案現在位於何處？</translation>
    </message>
    <message>
        <source>Watch a folder for new DICOM files</source>
        <translation>選擇要監看新 DICOM 檔案的資料夾</translation>
    </message>
    <message>
        <source>Open DICOM files</source>
        <translation>開啟 DICOM 檔案</translation>
    </message>
    <message>
        <source>same 0</source>
        <translation>相同 0</translation>
    </message>
    <message>
        <source>The score does not read this map. SQUID does not localise to the pixel.</source>
        <translation>分數不讀取此圖。SQUID 無法定位到單一像素。</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差異圖</translation>
    </message>
    <message>
        <source>What-if</source>
        <translation>試算</translation>
    </message>
    <message>
        <source>percentile {value:.0f}</source>
        <translation>百分位 {value:.0f}</translation>
    </message>
    <message>
        <source>{title} pane</source>
        <translation>{title}窗格</translation>
    </message>
    <message>
        <source>{title} image</source>
        <translation>{title}（影像區）</translation>
    </message>
    <message>
        <source>Patch distance</source>
        <translation>區塊距離</translation>
    </message>
    <message>
        <source>Lesion critic</source>
        <translation>病灶判別器</translation>
    </message>
    <message>
        <source>darker −{value:g}</source>
        <translation>較暗 −{value:g}</translation>
    </message>
    <message>
        <source>+{value:g} brighter</source>
        <translation>+{value:g} 較亮</translation>
    </message>
    <message>
        <source>{value:g} different</source>
        <translation>{value:g} 不同</translation>
    </message>
    <message>
        <source>100th</source>
        <translation>第 100</translation>
    </message>
    <message>
        <source>up to the 50th pct.</source>
        <translation>PR 50 以下</translation>
    </message>
    <message>
        <source>unchanged 0</source>
        <translation>未改變 0</translation>
    </message>
    <message>
        <source>1 changed</source>
        <translation>1 已改變</translation>
    </message>
    <message>
        <source>least</source>
        <translation>最少</translation>
    </message>
    <message>
        <source>most of this image</source>
        <translation>此影像中最多</translation>
    </message>
    <message>
        <source>The model works on {size} × {size} pixels; this picture is enlarged from that.</source>
        <translation>模型以 {size} × {size} 像素運算；此圖由該尺寸放大而來。</translation>
    </message>
    <message>
        <source>{size} px, enlarged</source>
        <translation>{size} px，放大顯示</translation>
    </message>
    <message>
        <source>This map has {side} × {side} values; it is enlarged from them and is no finer.</source>
        <translation>此圖只有 {side} × {side} 個值，由此放大而來，不會更細。</translation>
    </message>
    <message>
        <source>{side} × {side} places, enlarged</source>
        <translation>{side} × {side} 個位置，已放大</translation>
    </message>
    <message>
        <source>These weights have no lesion critic.</source>
        <translation>這組權重沒有病灶判別器。</translation>
    </message>
    <message>
        <source>Being computed…</source>
        <translation>計算中…</translation>
    </message>
    <message>
        <source>The weights are not installed here.</source>
        <translation>這組權重未安裝在此。</translation>
    </message>
    <message>
        <source>How far each patch is from its memory, among held-out normals.</source>
        <translation>各區塊與其記憶的距離，在保留的正常影像中的位置。</translation>
    </message>
    <message>
        <source>Where a critic that learned on made-up lesions is sure of a change. It names no disease.</source>
        <translation>以人造病灶訓練的病灶判別器確信有改變之處。它不指明任何疾病。</translation>
    </message>
    <message>
        <source>Where the reconstruction looks least normal to the discriminator, relative to this image only.</source>
        <translation>鑑別器認為重建影像最不像正常之處，僅相對於此影像。</translation>
    </message>
    <message>
        <source>The score reads how strong it is, not where.</source>
        <translation>分數只讀其強度，不讀其位置。</translation>
    </message>
    <message>
        <source>The score does not read it.</source>
        <translation>分數不讀取它。</translation>
    </message>
    <message>
        <source>A normal picture, painted in {finer} × {finer} pixels: the image itself where nothing is doubted, memory where the lesion critic or the anatomy is in doubt. Score, difference and a region made normal use the reconstruction in {size} × {size} pixels, which is shown until this one has come.</source>
        <translation>以 {finer} × {finer} 像素繪製的正常影像：無可疑處取自影像本身，病灶判別器或解剖結構有疑處取自記憶。分數、差異圖與改為正常的區域使用 {size} × {size} 像素的重建影像；此圖完成之前先顯示該重建影像。</translation>
    </message>
    <message>
        <source>No image</source>
        <translation>沒有影像</translation>
    </message>
    <message>
        <source>Not scored yet</source>
        <translation>尚未評分</translation>
    </message>
    <message>
        <source>Not analysed: see the question above</source>
        <translation>未分析：請見上方的問題</translation>
    </message>
    <message>
        <source>Not analysed</source>
        <translation>未分析</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>{map} to the {place}</source>
        <translation>{map}指向{place}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>This chest looks mirrored, so left and right may be exchanged.</source>
        <translation>這張胸部影像看似左右相反，因此左右可能對調。</translation>
    </message>
    <message>
        <source>No map finds anything unusual in one place.</source>
        <translation>沒有任何圖在某處發現不尋常。</translation>
    </message>
    <message>
        <source>Only one map points anywhere: {places}.</source>
        <translation>只有一張圖指出位置：{places}。</translation>
    </message>
    <message>
        <source>The maps point to the same place: {places}.</source>
        <translation>各圖指向同一處：{places}。</translation>
    </message>
    <message>
        <source>The maps point to places that overlap: {places}.</source>
        <translation>各圖所指之處互相重疊：{places}。</translation>
    </message>
    <message>
        <source>The maps point to different places: {places}.</source>
        <translation>各圖指向不同之處：{places}。</translation>
    </message>
    <message>
        <source>Nothing unusual in: {maps}.</source>
        <translation>未見不尋常者：{maps}。</translation>
    </message>
    <message>
        <source>≠ The maps point to different places ({key}).</source>
        <translation>≠ 各圖指向不同之處（按 {key} 查看）。</translation>
    </message>
    <message>
        <source>≠ The maps point to different places.</source>
        <translation>≠ 各圖指向不同之處。</translation>
    </message>
    <message>
        <source>the difference</source>
        <translation>差異圖</translation>
    </message>
    <message>
        <source>the patches’ memory</source>
        <translation>區塊的記憶</translation>
    </message>
    <message>
        <source>the lesion critic</source>
        <translation>病灶判別器</translation>
    </message>
    <message>
        <source>Grad-CAM</source>
        <translation>Grad-CAM</translation>
    </message>
    <message>
        <source>The patch</source>
        <translation>此區塊</translation>
    </message>
    <message>
        <source>percentile {percentile}</source>
        <translation>第 {percentile} 百分位</translation>
    </message>
    <message>
        <source>removed in the what-if, Delete puts it back</source>
        <translation>在試算中已移除，Delete 可放回</translation>
    </message>
    <message>
        <source>Delete takes it out of memory</source>
        <translation>Delete 可將它移出記憶</translation>
    </message>
    <message>
        <source>{number}weight {weight:.2f}</source>
        <translation>{number}權重 {weight:.2f}</translation>
    </message>
    <message>
        <source>newest in queue</source>
        <translation>佇列中最新</translation>
    </message>
    <message>
        <source>queue place {place}</source>
        <translation>佇列第 {place} 位</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已移除</translation>
    </message>
    <message>
        <source>similarity {value:.2f}</source>
        <translation>相似度 {value:.2f}</translation>
    </message>
    <message>
        <source>source masked</source>
        <translation>來源已遮蔽</translation>
    </message>
    <message>
        <source>Taken out of memory in the what-if. Click to put it back.</source>
        <translation>在試算中已移出記憶。按一下可放回。</translation>
    </message>
    <message>
        <source>Click to try without this entry.</source>
        <translation>按一下，試試沒有此條目的結果。</translation>
    </message>
    <message>
        <source>Memory entries of the selected patch</source>
        <translation>所選區塊的記憶條目</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>記憶</translation>
    </message>
    <message>
        <source>Shuffle</source>
        <translation>打亂</translation>
    </message>
    <message>
        <source>Point at a patch to see its nearest normal anatomy; a click or the arrow keys keep it.</source>
        <translation>指向區塊可檢視最相近的正常解剖構造；點選或使用方向鍵可固定。</translation>
    </message>
    <message>
        <source>A control: every patch is answered with another place&apos;s memory. If the picture hardly changes, memory is not what draws it.</source>
        <translation>對照：每個區塊都以另一位置的記憶回答。若影像幾乎不變，畫出它的就不是記憶。</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>來源</translation>
    </message>
    <message>
        <source>Sources of the entries</source>
        <translation>條目的來源</translation>
    </message>
    <message>
        <source>Names the training image behind each entry.</source>
        <translation>列出每個條目背後的訓練影像。</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>原始影像</translation>
    </message>
    <message>
        <source>Automatic window, not the file&apos;s</source>
        <translation>自動窗值，非檔案所訂</translation>
    </message>
    <message>
        <source>Choose a study in the worklist.</source>
        <translation>請在工作清單中選擇一筆檢查。</translation>
    </message>
    <message>
        <source>pixels only</source>
        <translation>僅以像素計</translation>
    </message>
    <message>
        <source>no true scale</source>
        <translation>無真實尺度</translation>
    </message>
    <message>
        <source>Preview at 1/{factor} resolution; the whole image follows.</source>
        <translation>1/{factor} 解析度預覽；完整影像隨後顯示。</translation>
    </message>
    <message>
        <source>{place}   value {value}</source>
        <translation>{place}   值 {value}</translation>
    </message>
    <message>
        <source>This file holds no picture that can be shown.</source>
        <translation>此檔案沒有可顯示的影像。</translation>
    </message>
    <message>
        <source>RECONSTRUCTION</source>
        <translation>重建影像</translation>
    </message>
    <message>
        <source>Reconstruction, in the original&apos;s place</source>
        <translation>重建影像（顯示於原始影像位置）</translation>
    </message>
    <message>
        <source>{name}: {value}</source>
        <translation>{name}：{value}</translation>
    </message>
    <message>
        <source>Laterality {side}</source>
        <translation>側別 {side}</translation>
    </message>
    <message>
        <source>Inverted</source>
        <translation>灰階反轉</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>彩色</translation>
    </message>
    <message>
        <source>W {width}  L {level}</source>
        <translation>窗寬 {width}  窗位 {level}</translation>
    </message>
    <message>
        <source>Zoom {percent}%</source>
        <translation>縮放 {percent}%</translation>
    </message>
    <message>
        <source>row {row}, column {column}</source>
        <translation>第 {row} 列，第 {column} 行</translation>
    </message>
    <message>
        <source>Normal reconstruction</source>
        <translation>正常重建影像</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>GPU (CUDA)</source>
        <translation>GPU（CUDA）</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>處理器（CPU）</translation>
    </message>
    <message>
        <source>By age</source>
        <translation>依年齡</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>偵測模型</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>運算裝置</translation>
    </message>
    <message>
        <source>Where the detector computes.</source>
        <translation>偵測模型在何處運算。</translation>
    </message>
    <message>
        <source>Higher than every one of the normal images held out from training.</source>
        <translation>高於每一張未參與訓練的正常影像。</translation>
    </message>
    <message>
        <source>Higher than {below} of 100 normal images held out from training.</source>
        <translation>高於每 100 張未參與訓練的正常影像中的 {below} 張。</translation>
    </message>
    <message>
        <source>({count} of them were measured.)</source>
        <translation>（共測量 {count} 張。）</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>all of it goes through memory</source>
        <translation>全部經過記憶</translation>
    </message>
    <message>
        <source>No higher than the lowest of the normal images held out from training.</source>
        <translation>不高於未參與訓練的正常影像中最低的一張。</translation>
    </message>
    <message>
        <source>Higher than fewer than 1 of 100 normal images held out from training.</source>
        <translation>每 100 張未參與訓練的正常影像中，低於它的不到 1 張。</translation>
    </message>
    <message>
        <source>Below the lowest line ({share}%, {at}): {share} of 100 normal images score below that line.</source>
        <translation>低於最低的線（{share}%，{at}）：每 100 張正常影像中有 {share} 張低於該線。</translation>
    </message>
    <message>
        <source>Above the {share}% line ({at}): {rest} of 100 normal images lie above that line.</source>
        <translation>高於 {share}% 線（{at}）：每 100 張正常影像中有 {rest} 張高於該線。</translation>
    </message>
    <message>
        <source>On the {share}% line ({at}): {rest} of 100 normal images lie above that line.</source>
        <translation>正好在 {share}% 線上（{at}）：每 100 張正常影像中有 {rest} 張高於該線。</translation>
    </message>
    <message>
        <source>Below the {share}% line ({at}).</source>
        <translation>低於 {share}% 線（{at}）。</translation>
    </message>
    <message>
        <source>{at}, the score is {score}</source>
        <translation>{at}，分數為 {score}</translation>
    </message>
    <message>
        <source>all of it comes past memory</source>
        <translation>全部繞過記憶</translation>
    </message>
    <message>
        <source>{percent}%, the rest comes past memory</source>
        <translation>{percent}%，其餘繞過記憶</translation>
    </message>
    <message>
        <source>{taken} on {device}</source>
        <translation>{taken}，於 {device}</translation>
    </message>
    <message>
        <source>{weights} ({reason})</source>
        <translation>{weights}（{reason}）</translation>
    </message>
    <message>
        <source>Paper&apos;s A</source>
        <translation>論文的 A</translation>
    </message>
    <message>
        <source>{value:.2f} (discriminator alone, 0 to 1)</source>
        <translation>{value:.2f}（僅鑑別器，0 到 1）</translation>
    </message>
    <message>
        <source>Drift watch</source>
        <translation>漂移監測</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>檢視中…</translation>
    </message>
    <message>
        <source>Stations</source>
        <translation>機台</translation>
    </message>
    <message>
        <source>Not scored</source>
        <translation>未評分</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>影像數</translation>
    </message>
    <message>
        <source>Not scored because</source>
        <translation>未評分的原因</translation>
    </message>
    <message>
        <source>The newest studies, and where their line may run</source>
        <translation>最新的檢查，以及曲線可在的範圍</translation>
    </message>
    <message>
        <source>Week by week: median and middle half</source>
        <translation>逐週：中位數與中間一半</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>複製為文字</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新檢視</translation>
    </message>
    <message>
        <source>Of the patients on this list, as you know your hospital. Rather too many than too few.</source>
        <translation>清單上的病人中，依您對貴院的瞭解。寧可估多，不要估少。</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>權重</translation>
    </message>
    <message>
        <source>Studies</source>
        <translation>檢查</translation>
    </message>
    <message>
        <source>Abnormal at most</source>
        <translation>異常至多</translation>
    </message>
    <message>
        <source>{name} ({count} results)</source>
        <translation>{name}（{count} 筆結果）</translation>
    </message>
    <message>
        <source>Teach the detector the normals of this hospital, from studies that you called normal.</source>
        <translation>請以您判為正常的檢查，讓偵測模型學習貴院的正常影像。</translation>
    </message>
    <message>
        <source>Left out: {count} images scored with weights that are not here any more.</source>
        <translation>未計入：{count} 張影像，其評分所用的權重已不在此。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>Line between original and reconstruction</source>
        <translation>原始影像與重建影像之間的分隔線</translation>
    </message>
    <message>
        <source>Drag it, or use the left and right arrow keys.</source>
        <translation>請拖曳，或使用左右方向鍵。</translation>
    </message>
    <message>
        <source>Reconstruction</source>
        <translation>重建影像</translation>
    </message>
    <message>
        <source>Maps</source>
        <translation>各圖</translation>
    </message>
    <message>
        <source>What-if: {score:.2f} ({change}). It is tried beside the score and changes nothing in the worklist.</source>
        <translation>試算：{score:.2f}（{change}）。僅在分數旁試算，不改變工作清單。</translation>
    </message>
    <message>
        <source>The score says how little the image resembles normal ones. It names no disease, and a low score does not mean that the image is normal. Research use only. Not a medical device.</source>
        <translation>分數說明影像與正常影像有多不相似。它不指明任何疾病，分數低也不代表影像正常。僅供研究使用，並非醫療器材。</translation>
    </message>
    <message>
        <source>Which trained detector scores; by age picks for you.</source>
        <translation>由哪一組訓練好的模型評分；「依年齡」會自動選擇。</translation>
    </message>
    <message>
        <source>{weights} weights on {device}, {reason}</source>
        <translation>{weights} 權重，於 {device} 運算，{reason}</translation>
    </message>
    <message>
        <source>{weights} weights on {device}</source>
        <translation>{weights} 權重，於 {device} 運算</translation>
    </message>
    <message>
        <source>What is drawn over the original.</source>
        <translation>疊加於原始影像上的圖。</translation>
    </message>
    <message>
        <source>Signed, dark</source>
        <translation>有正負號，深色</translation>
    </message>
    <message>
        <source>Signed, light</source>
        <translation>有正負號，淺色</translation>
    </message>
    <message>
        <source>Size, inferno</source>
        <translation>絕對值，inferno</translation>
    </message>
    <message>
        <source>Size, cividis</source>
        <translation>絕對值，cividis</translation>
    </message>
    <message>
        <source>Difference and panes</source>
        <translation>差異圖與窗格</translation>
    </message>
    <message>
        <source>Map in the pane</source>
        <translation>窗格中的圖</translation>
    </message>
    <message>
        <source>Pane shows</source>
        <translation>窗格顯示</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>閾值</translation>
    </message>
    <message>
        <source>Differences smaller than this are drawn as none.</source>
        <translation>小於此值的差異不予繪出。</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Width of the blur over the difference, in model pixels.</source>
        <translation>差異圖的模糊寬度，以模型像素計。</translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation>色彩對應</translation>
    </message>
    <message>
        <source>Draw a map over the original</source>
        <translation>在原始影像上繪製圖層</translation>
    </message>
    <message>
        <source>Over the original</source>
        <translation>疊加於原始影像</translation>
    </message>
    <message>
        <source>Overlay shows</source>
        <translation>圖層顯示</translation>
    </message>
    <message>
        <source>Of the map over the original.</source>
        <translation>原始影像上圖層的。</translation>
    </message>
    <message>
        <source>Signed maps show brighter in orange and darker in blue; the others show the size alone.</source>
        <translation>有正負號者以橘色表示較亮、藍色表示較暗；其餘僅表示差異大小。</translation>
    </message>
    <message>
        <source>What the difference pane draws.</source>
        <translation>差異窗格所繪的內容。</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>色彩</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Patch grid</source>
        <translation>區塊格線</translation>
    </message>
    <message>
        <source>Draw the patches in the memory pane</source>
        <translation>在記憶窗格中繪出區塊</translation>
    </message>
    <message>
        <source>Write window, zoom and scale into the corners</source>
        <translation>在角落顯示窗值、縮放與尺度</translation>
    </message>
    <message>
        <source>off</source>
        <translation>關閉</translation>
    </message>
    <message>
        <source>Gumbel, exact k</source>
        <translation>Gumbel，恰取 k 個</translation>
    </message>
    <message>
        <source>Hard threshold</source>
        <translation>硬閾值</translation>
    </message>
    <message>
        <source>None (softmax)</source>
        <translation>無（softmax）</translation>
    </message>
    <message>
        <source>Off (as locked)</source>
        <translation>關閉（同鎖定設定）</translation>
    </message>
    <message>
        <source>Soft</source>
        <translation>軟性</translation>
    </message>
    <message>
        <source>Bernoulli</source>
        <translation>Bernoulli</translation>
    </message>
    <message>
        <source>Select a scored image to try other settings.</source>
        <translation>請選擇已評分的影像以試用其他設定。</translation>
    </message>
    <message>
        <source>How many memory entries each patch may use.</source>
        <translation>每個區塊可使用的記憶條目數。</translation>
    </message>
    <message>
        <source>Top-k, number</source>
        <translation>Top-k，數值</translation>
    </message>
    <message>
        <source>Top-k, slider</source>
        <translation>Top-k，滑桿</translation>
    </message>
    <message>
        <source>Shrinkage</source>
        <translation>收縮</translation>
    </message>
    <message>
        <source>How similarities become memory weights.</source>
        <translation>相似度如何轉為記憶權重。</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>閘控</translation>
    </message>
    <message>
        <source>Whether encoded features may pass by the memory. Off is the paper&apos;s inference.</source>
        <translation>編碼特徵是否可繞過記憶。「關閉」即論文的推論方式。</translation>
    </message>
    <message>
        <source>Rho</source>
        <translation>Rho</translation>
    </message>
    <message>
        <source>Share of in-painted features where the gate is on.</source>
        <translation>閘控開啟時，填補特徵所占比例。</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>on {device}</source>
        <translation>於 {device}</translation>
    </message>
    <message>
        <source>paper&apos;s A {score}</source>
        <translation>論文 A 值 {score}</translation>
    </message>
    <message>
        <source>no change</source>
        <translation>無變化</translation>
    </message>
    <message>
        <source>Previous image of the study</source>
        <translation>檢查中的上一張影像</translation>
    </message>
    <message>
        <source>Next image of the study</source>
        <translation>檢查中的下一張影像</translation>
    </message>
    <message>
        <source>Image {number} of {total}</source>
        <translation>第 {number} 張影像，共 {total} 張</translation>
    </message>
    <message>
        <source>Anomaly score</source>
        <translation>異常分數</translation>
    </message>
    <message>
        <source>no score</source>
        <translation>無分數</translation>
    </message>
    <message>
        <source>Standard deviations from held-out normals: {parts}.</source>
        <translation>與保留的正常影像相差的標準差：{parts}。</translation>
    </message>
    <message>
        <source>Score {score}.</source>
        <translation>分數 {score}。</translation>
    </message>
    <message>
        <source>Weights {name}, {hash}.</source>
        <translation>權重 {name}，{hash}。</translation>
    </message>
    <message>
        <source>As in the file</source>
        <translation>依檔案設定</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>肺部</translation>
    </message>
    <message>
        <source>Mediastinum</source>
        <translation>縱膈腔</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>骨骼</translation>
    </message>
    <message>
        <source>Soft tissue</source>
        <translation>軟組織</translation>
    </message>
    <message>
        <source>Full range</source>
        <translation>完整範圍</translation>
    </message>
    <message>
        <source>{name} ({number} of {count})</source>
        <translation>{name}（{number}／{count}）</translation>
    </message>
    <message>
        <source>Research use only. Not a medical device.</source>
        <translation>僅供研究使用，非醫療器材。</translation>
    </message>
    <message>
        <source>WHAT-IF, worklist unchanged</source>
        <translation>試算，工作清單不變</translation>
    </message>
    <message>
        <source>Unnamed patient</source>
        <translation>未具名病人</translation>
    </message>
    <message>
        <source>Station</source>
        <translation>機台</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>中位數</translation>
    </message>
    <message>
        <source>Beyond the 95th</source>
        <translation>超過第 95 百分位</translation>
    </message>
    <message>
        <source>Unlike memory</source>
        <translation>與記憶不符</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>What it says</source>
        <translation>結論</translation>
    </message>
    <message>
        <source>Too many look normal.</source>
        <translation>看似正常的太多。</translation>
    </message>
    <message>
        <source>Your normals look more normal than they should.</source>
        <translation>您判為正常的影像比應有的更正常。</translation>
    </message>
    <message>
        <source>Too many look unusual.</source>
        <translation>看似不尋常的太多。</translation>
    </message>
    <message>
        <source>Too many of your normals look unusual.</source>
        <translation>您判為正常的影像中，看似不尋常的太多。</translation>
    </message>
    <message>
        <source>Too many resemble nothing in memory.</source>
        <translation>與記憶不符的太多。</translation>
    </message>
    <message>
        <source>The newest studies are spread otherwise than those before.</source>
        <translation>最新檢查的分布與先前的不同。</translation>
    </message>
    <message>
        <source>Fewer lie high than if every patient were healthy. No disease lowers a percentile: the detector does not fit these images, and would overlook what it should find.</source>
        <translation>百分位高的檢查，比所有病人都健康時還少。疾病不會降低百分位：偵測模型不適合這些影像，會漏看應發現的異常。</translation>
    </message>
    <message>
        <source>The detector does not fit these images, and would overlook what it should find.</source>
        <translation>偵測模型不適合這些影像，會漏看應發現的異常。</translation>
    </message>
    <message>
        <source>Either more patients are abnormal than you say there are at most, or the detector does not fit these images and calls healthy chests unusual. Call some of the normal studies normal: then it can be told.</source>
        <translation>可能是異常的病人多於您所說的上限，也可能是偵測模型不適合這些影像，把健康的胸部當成不尋常。請將一些正常的檢查判為正常，便可分辨。</translation>
    </message>
    <message>
        <source>The detector does not fit these images: it calls healthy chests unusual.</source>
        <translation>偵測模型不適合這些影像：它把健康的胸部當成不尋常。</translation>
    </message>
    <message>
        <source>Look whether they are frontal chests; if they are, the detector does not know such images.</source>
        <translation>請確認它們是否為正面胸部影像；若是，則偵測模型不認得這類影像。</translation>
    </message>
    <message>
        <source>Other patients do that, and so does another device, exposure or processing: look at the weeks and stations.</source>
        <translation>病人不同會如此，設備、曝光或影像處理不同也會：請看各週與各機台。</translation>
    </message>
    <message>
        <source>Nothing has been scored yet.</source>
        <translation>尚無任何評分。</translation>
    </message>
    <message>
        <source>As expected.</source>
        <translation>符合預期。</translation>
    </message>
    <message>
        <source>Too few studies to say: {count} of {least}.</source>
        <translation>檢查太少，無法判斷：{count} 筆，需 {least} 筆。</translation>
    </message>
    <message>
        <source>If the percentiles are right, at least {share} of 100 of these patients are abnormal.</source>
        <translation>若百分位正確，這些病人每 100 位中至少有 {share} 位異常。</translation>
    </message>
    <message>
        <source>{count} of {total}: {doubt}</source>
        <translation>{total} 筆中 {count} 筆：{doubt}</translation>
    </message>
    <message>
        <source>Only at: {stations}.</source>
        <translation>僅限於：{stations}。</translation>
    </message>
    <message>
        <source>Station not known</source>
        <translation>機台不明</translation>
    </message>
    <message>
        <source>Of the {count} newest studies, each patient once, {beyond} lie beyond the 95th percentile ({share}).</source>
        <translation>最新的 {count} 筆檢查（每位病人只計一次）中，{beyond} 筆超過第 95 百分位（{share}）。</translation>
    </message>
    <message>
        <source>Of normal chests 5% do, and disease adds to them.</source>
        <translation>正常胸部應有 5%，疾病會使其增加。</translation>
    </message>
    <message>
        <source>None of them was called normal by you.</source>
        <translation>其中沒有您判為正常的。</translation>
    </message>
    <message>
        <source>You called {count} of them normal, and {beyond} of these lie beyond the 95th percentile ({share}).</source>
        <translation>您將其中 {count} 筆判為正常，這些當中 {beyond} 筆超過第 95 百分位（{share}）。</translation>
    </message>
    <message>
        <source>They are tested by themselves from {least} on.</source>
        <translation>自 {least} 筆起會單獨檢定。</translation>
    </message>
    <message>
        <source>{count} are not judged yet, which the test of your normals allows for.</source>
        <translation>{count} 筆尚未判斷，檢定您判為正常的檢查時已計入此點。</translation>
    </message>
    <message>
        <source>{share:.0f}%, {low:.0f} to {high:.0f}</source>
        <translation>{share:.0f}%，{low:.0f} 至 {high:.0f}</translation>
    </message>
    <message>
        <source>The clearest deviation has p {p}, for all questions and stations together; it is told below {alarm}, which chance alone reaches once in twenty years of weekly looks. The percentiles rest on {held_out} normals.</source>
        <translation>最明顯的偏差為 p {p}（所有問題與機台合計）；低於 {alarm} 才會提出，若每週檢視一次，僅憑偶然約二十年一次。百分位以 {held_out} 張正常影像為準。</translation>
    </message>
    <message>
        <source>Compared with the {count} studies before them.</source>
        <translation>已與先前的 {count} 筆檢查比較。</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>the last {count}</source>
        <translation>最近 {count} 筆</translation>
    </message>
    <message>
        <source>All stations</source>
        <translation>所有機台</translation>
    </message>
    <message>
        <source>no reason is known</source>
        <translation>原因不明</translation>
    </message>
    <message>
        <source>Weights {weights}; {window} studies; at most {share:.0f}% abnormal</source>
        <translation>權重 {weights}；檢查：{window}；異常至多 {share:.0f}%</translation>
    </message>
    <message>
        <source>Lower quarter</source>
        <translation>下四分位</translation>
    </message>
    <message>
        <source>Upper quarter</source>
        <translation>上四分位</translation>
    </message>
    <message>
        <source>File replaced</source>
        <translation>檔案已被取代</translation>
    </message>
    <message>
        <source>unlike anything in memory: the score means little</source>
        <translation>與記憶中任何內容都不相似：分數參考價值低</translation>
    </message>
    <message>
        <source>no date</source>
        <translation>無日期</translation>
    </message>
    <message>
        <source>date masked</source>
        <translation>日期已遮蔽</translation>
    </message>
    <message>
        <source>Both studies have the same patient ID, but their names differ. Make sure that they are of one patient.</source>
        <translation>兩筆檢查的病歷號相同，但姓名不同。請確認兩者屬於同一位病人。</translation>
    </message>
    <message>
        <source>The same study number (Study Instance UID) stands on the files of two patients. They are kept apart; make sure which images are whose.</source>
        <translation>兩位病人的檔案帶有相同的檢查編號（Study Instance UID）。程式已將其分開；請確認哪些影像屬於哪位病人。</translation>
    </message>
    <message>
        <source>Files of this study that differ have the same image number (SOP Instance UID). Make sure which one is meant.</source>
        <translation>此檢查有內容不同的檔案帶有相同的影像編號（SOP Instance UID）。請確認所指的是哪一個。</translation>
    </message>
    <message>
        <source>Another image lies at this one&apos;s place now. The score is of the image that was read; it can be shown again once its file is back.</source>
        <translation>此位置現在是另一張影像。分數屬於先前讀取的影像；其檔案恢復後即可再次顯示。</translation>
    </message>
    <message>
        <source>It lay in {folder}.</source>
        <translation>檔案原本位於 {folder}。</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>讀取中</translation>
    </message>
    <message>
        <source>Scoring</source>
        <translation>評分中</translation>
    </message>
    <message>
        <source>Scored</source>
        <translation>已評分</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>錯誤</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>待確認</translation>
    </message>
    <message>
        <source>{number}st</source>
        <translation>第 {number}</translation>
    </message>
    <message>
        <source>{number}nd</source>
        <translation>第 {number}</translation>
    </message>
    <message>
        <source>{number}rd</source>
        <translation>第 {number}</translation>
    </message>
    <message>
        <source>{number}th</source>
        <translation>第 {number}</translation>
    </message>
    <message>
        <source>{number}th pct.</source>
        <translation>PR {number}</translation>
    </message>
    <message>
        <source>{number}st pct.</source>
        <translation>PR {number}</translation>
    </message>
    <message>
        <source>{number}nd pct.</source>
        <translation>PR {number}</translation>
    </message>
    <message>
        <source>{number}rd pct.</source>
        <translation>PR {number}</translation>
    </message>
    <message>
        <source>{place} percentile</source>
        <translation>位居{place} 百分位</translation>
    </message>
    <message>
        <source>above all held-out normals</source>
        <translation>高於所有保留的正常影像</translation>
    </message>
    <message>
        <source>below the 1st percentile of held-out normals</source>
        <translation>低於保留的正常影像的第 1 百分位</translation>
    </message>
    <message>
        <source>{place} percentile of held-out normals</source>
        <translation>在保留的正常影像中位居{place} 百分位</translation>
    </message>
    <message>
        <source>{months} month</source>
        <translation>{months} 個月</translation>
    </message>
    <message>
        <source>{months} months</source>
        <translation>{months} 個月</translation>
    </message>
    <message>
        <source>{years} y</source>
        <translation>{years} 歲</translation>
    </message>
    <message>
        <source>Patient {pseudonym}</source>
        <translation>病人 {pseudonym}</translation>
    </message>
    <message>
        <source>Patient {pseudonym} (ID {number})</source>
        <translation>病人 {pseudonym}（病歷號 {number}）</translation>
    </message>
    <message>
        <source>ID {number}</source>
        <translation>病歷號 {number}</translation>
    </message>
    <message>
        <source>File {file} ({folder})</source>
        <translation>檔案 {file}（{folder}）</translation>
    </message>
    <message>
        <source>File {file}</source>
        <translation>檔案 {file}</translation>
    </message>
    <message>
        <source>born {date}</source>
        <translation>{date} 出生</translation>
    </message>
    <message>
        <source>{born}, {age}</source>
        <translation>{born}，{age}</translation>
    </message>
    <message>
        <source>Accession {number}</source>
        <translation>檢查單號 {number}</translation>
    </message>
    <message>
        <source>{weights} weights, {reason}</source>
        <translation>{weights} 權重，{reason}</translation>
    </message>
    <message>
        <source>{weights} weights</source>
        <translation>{weights} 權重</translation>
    </message>
    <message>
        <source>finding accepted by you</source>
        <translation>您已接受此發現</translation>
    </message>
    <message>
        <source>finding rejected by you</source>
        <translation>您已否定此發現</translation>
    </message>
    <message>
        <source>called normal by you</source>
        <translation>您已判為正常</translation>
    </message>
    <message>
        <source>unread</source>
        <translation>未判讀</translation>
    </message>
    <message>
        <source>opened</source>
        <translation>已開啟</translation>
    </message>
    <message>
        <source>read</source>
        <translation>已判讀</translation>
    </message>
    <message>
        <source>Names are masked, so the folder that it lay in is not named.</source>
        <translation>姓名已遮蔽，因此不顯示檔案原本所在的資料夾。</translation>
    </message>
    <message>
        <source>The prior:</source>
        <translation>先前檢查：</translation>
    </message>
    <message>
        <source>same day</source>
        <translation>同一天</translation>
    </message>
    <message>
        <source>{span} later</source>
        <translation>晚 {span}</translation>
    </message>
    <message>
        <source>{span} earlier</source>
        <translation>早 {span}</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 天</translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation>{count} 天</translation>
    </message>
    <message>
        <source>{count} months</source>
        <translation>{count} 個月</translation>
    </message>
    <message>
        <source>{count} years</source>
        <translation>{count} 年</translation>
    </message>
    <message>
        <source>LATER {date}</source>
        <translation>較晚 {date}</translation>
    </message>
    <message>
        <source>PRIOR {date}</source>
        <translation>先前 {date}</translation>
    </message>
    <message>
        <source>LATERAL</source>
        <translation>側面</translation>
    </message>
    <message>
        <source>FRONTAL</source>
        <translation>正面</translation>
    </message>
    <message>
        <source>CURRENT {date}</source>
        <translation>本次 {date}</translation>
    </message>
    <message>
        <source>1 later study: {date}</source>
        <translation>1 筆較晚的檢查：{date}</translation>
    </message>
    <message>
        <source>{count} later studies: {date}</source>
        <translation>{count} 筆較晚的檢查：{date}</translation>
    </message>
    <message>
        <source>1 prior: {date}</source>
        <translation>1 筆先前檢查：{date}</translation>
    </message>
    <message>
        <source>{count} priors: {date}</source>
        <translation>{count} 筆先前檢查：{date}</translation>
    </message>
    <message>
        <source>score {score}</source>
        <translation>分數 {score}</translation>
    </message>
    <message>
        <source>ANOTHER NAME</source>
        <translation>姓名不同</translation>
    </message>
    <message>
        <source>info</source>
        <translation>訊息</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>error</source>
        <translation>錯誤</translation>
    </message>
    <message>
        <source>Importing: {found} files seen, {images} images</source>
        <translation>匯入中：已查看 {found} 個檔案，{images} 張影像</translation>
    </message>
    <message>
        <source>Locate…</source>
        <translation>尋找檔案…</translation>
    </message>
    <message>
        <source>Say in which folder this file, and those that are gone with it, lie now; Esc stops the search.</source>
        <translation>指定此檔案以及一同遺失的檔案現在所在的資料夾；按 Esc 可停止尋找。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>再試一次</translation>
    </message>
    <message>
        <source>Read this file once more.</source>
        <translation>重新讀取此檔案。</translation>
    </message>
    <message>
        <source>What is shown comes from its stored result.</source>
        <translation>顯示的內容來自其已儲存的結果。</translation>
    </message>
    <message>
        <source>This file could not be read.</source>
        <translation>無法讀取此檔案。</translation>
    </message>
    <message>
        <source>Not analysed.</source>
        <translation>未分析。</translation>
    </message>
    <message>
        <source>Not analysed: the queue was stopped before this image.</source>
        <translation>未分析：佇列在處理此影像前已停止。</translation>
    </message>
    <message>
        <source>Analysed because you asked for it.</source>
        <translation>已依您的要求分析。</translation>
    </message>
    <message>
        <source>Names are masked.</source>
        <translation>姓名已遮蔽。</translation>
    </message>
    <message>
        <source>The other view:</source>
        <translation>另一方向影像：</translation>
    </message>
    <message>
        <source>{count} images</source>
        <translation>{count} 張影像</translation>
    </message>
    <message>
        <source>Worklist, sorted by score</source>
        <translation>工作清單，依分數排序</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>工作清單</translation>
    </message>
    <message>
        <source>Worklist by date</source>
        <translation>工作清單（依日期）</translation>
    </message>
    <message>
        <source>By date</source>
        <translation>依日期</translation>
    </message>
    <message>
        <source>Worklist, sorted by date and not by score</source>
        <translation>工作清單，依日期而非分數排序</translation>
    </message>
    <message>
        <source>Worklist by name</source>
        <translation>工作清單（依姓名）</translation>
    </message>
    <message>
        <source>Worklist, sorted by name and not by score</source>
        <translation>工作清單，依姓名而非分數排序</translation>
    </message>
    <message>
        <source>Worklist by waiting</source>
        <translation>工作清單（依等候時間）</translation>
    </message>
    <message>
        <source>By waiting</source>
        <translation>依等候時間</translation>
    </message>
    <message>
        <source>Worklist, sorted by waiting and not by score</source>
        <translation>工作清單，依等候時間而非分數排序</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部顯示</translation>
    </message>
    <message>
        <source>{shown} of {count} shown, show all</source>
        <translation>顯示 {shown}／{count}，全部顯示</translation>
    </message>
    <message>
        <source>Clear the filter, so that the list holds every study.</source>
        <translation>清除篩選，讓清單顯示所有檢查。</translation>
    </message>
    <message>
        <source>1 prior more</source>
        <translation>另有 1 筆先前檢查</translation>
    </message>
    <message>
        <source>{count} priors more</source>
        <translation>另有 {count} 筆先前檢查</translation>
    </message>
    <message>
        <source>1 study, {scored} scored</source>
        <translation>1 筆檢查，{scored} 筆已評分</translation>
    </message>
    <message>
        <source>{count} studies, {scored} scored</source>
        <translation>{count} 筆檢查，{scored} 筆已評分</translation>
    </message>
    <message>
        <source>On</source>
        <translation>開啟</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘記</translation>
    </message>
    <message>
        <source>Forget: {what}</source>
        <translation>忘記：{what}</translation>
    </message>
    <message>
        <source>{count} remembered</source>
        <translation>記得 {count} 項</translation>
    </message>
    <message>
        <source>Default: {what}</source>
        <translation>預設值：{what}</translation>
    </message>
    <message>
        <source>Back to the default</source>
        <translation>回復預設值</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜尋設定</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜尋</translation>
    </message>
    <message>
        <source>Groups of settings</source>
        <translation>設定群組</translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation>沒有符合的設定。</translation>
    </message>
    <message>
        <source>Defaults for all…</source>
        <translation>全部回復預設值…</translation>
    </message>
    <message>
        <source>Give every setting its default value?</source>
        <translation>要將所有設定回復為預設值嗎？</translation>
    </message>
    <message>
        <source>Worklist, results, other systems and the place of the window stay.</source>
        <translation>工作清單、結果、其他系統與視窗位置不受影響。</translation>
    </message>
    <message>
        <source>Defaults for all</source>
        <translation>全部回復預設值</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>依系統設定</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>淺色</translation>
    </message>
    <message>
        <source>One pane</source>
        <translation>一個窗格</translation>
    </message>
    <message>
        <source>Two panes</source>
        <translation>兩個窗格</translation>
    </message>
    <message>
        <source>Four panes</source>
        <translation>四個窗格</translation>
    </message>
    <message>
        <source>Chinese (GBK)</source>
        <translation>中文（GBK）</translation>
    </message>
    <message>
        <source>Chinese (Big5)</source>
        <translation>中文（Big5）</translation>
    </message>
    <message>
        <source>Japanese (Shift-JIS)</source>
        <translation>日文（Shift-JIS）</translation>
    </message>
    <message>
        <source>Korean (EUC-KR)</source>
        <translation>韓文（EUC-KR）</translation>
    </message>
    <message>
        <source>Cyrillic (Windows)</source>
        <translation>西里爾文（Windows）</translation>
    </message>
    <message>
        <source>Western European</source>
        <translation>西歐文字</translation>
    </message>
    <message>
        <source>File&apos;s, if lungs show</source>
        <translation>依檔案，肺野可見時</translation>
    </message>
    <message>
        <source>Under which greys an image is first shown: as in the file, automatic where that hides the lungs, or another. The detector never sees a window.</source>
        <translation>影像最初以何種灰階顯示：依檔案所訂、檔案的窗值使肺野無法辨識時改為自動，或其他。偵測模型從不使用窗值。</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>縮放</translation>
    </message>
    <message>
        <source>On an image, while no tool is in hand. With Shift the left button always pans.</source>
        <translation>在影像上、未使用工具時。按住 Shift 時左鍵一律為平移。</translation>
    </message>
    <message>
        <source>By the queue; 0 is one for each core but one. One more reader is always kept for what you open yourself.</source>
        <translation>由佇列同時讀取；0 表示每個核心一個，但保留一個核心。另外永遠保留一個讀取程序，給您自己開啟的影像使用。</translation>
    </message>
    <message>
        <source>Shipped</source>
        <translation>隨程式提供</translation>
    </message>
    <message>
        <source>Which weights read new studies: those that ship, or those that learned your hospital&apos;s normals (File menu).</source>
        <translation>新檢查由哪組權重評分：隨程式提供的權重，或已學習貴院正常影像的權重（「檔案」選單）。</translation>
    </message>
    <message>
        <source>Every key is listed under Help, Keys and mouse (F1), and can be changed there.</source>
        <translation>所有按鍵列於「說明 &gt; 按鍵與滑鼠」（F1），並可在該處變更。</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 天</translation>
    </message>
    <message>
        <source>A year</source>
        <translation>一年</translation>
    </message>
    <message>
        <source>For ever</source>
        <translation>永久</translation>
    </message>
    <message>
        <source>90 days</source>
        <translation>90 天</translation>
    </message>
    <message>
        <source>Counted from when a study came to the worklist. Then it goes, with its results, marks and judgements, and with what came of it over the network; not while it is open, nor before its results are sent.</source>
        <translation>自檢查進入工作清單起算。期滿即移除該檢查，連同其結果、標記、判斷，以及經由網路收到的影像；開啟中的檢查與結果尚未傳送的檢查暫不移除。</translation>
    </message>
    <message>
        <source>As long as a study is kept, so are its results, your marks and your judgements. The audit trail always stays. Files in your own folders are never removed.</source>
        <translation>只要檢查仍保留，其結果、您的標記與判斷也會保留。稽核紀錄一律保留。您自己資料夾中的檔案絕不移除。</translation>
    </message>
    <message>
        <source>Not used</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>The first rule that fits a study and the screen decides how it is opened. Layout, panes and sizes that you change while a study is open are kept for its rule; the arrow goes back to the shipped.</source>
        <translation>第一條符合檢查與螢幕的規則決定開啟時的排列。檢查開啟時所更改的版面、窗格與大小會存入該規則；按箭頭可恢復原廠設定。</translation>
    </message>
    <message>
        <source>Most files say in which characters names are written, and UTF-8 is recognised where they do not. Where names cannot be read, a pseudonym and the patient&apos;s ID are shown until you choose a character set here.</source>
        <translation>大多數檔案會標示姓名所用的字元集；未標示時會辨認 UTF-8。無法讀取姓名時，會顯示代號與病歷號，直到您在此選擇字元集。</translation>
    </message>
    <message>
        <source>Of names and text whose file states no fitting character set. Names in the worklist are read again.</source>
        <translation>用於檔案未標示正確字元集的姓名與文字。工作清單中的姓名會重新讀取。</translation>
    </message>
    <message>
        <source>Language and look</source>
        <translation>語言與外觀</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>語言</translation>
    </message>
    <message>
        <source>Of the window; changes at once.</source>
        <translation>視窗的語言；立即生效。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>佈景主題</translation>
    </message>
    <message>
        <source>Of the window; images lie on black in all of them.</source>
        <translation>視窗的佈景；影像一律以黑色為底。</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>顯示</translation>
    </message>
    <message>
        <source>Map in the difference pane</source>
        <translation>差異窗格中的圖</translation>
    </message>
    <message>
        <source>Threshold of the difference</source>
        <translation>差異圖閾值</translation>
    </message>
    <message>
        <source>Smoothing of the difference</source>
        <translation>差異圖平滑</translation>
    </message>
    <message>
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <source>Colours of the difference</source>
        <translation>差異圖色彩</translation>
    </message>
    <message>
        <source>Which map over the original</source>
        <translation>原始影像上用哪個圖層</translation>
    </message>
    <message>
        <source>Opacity of the overlay</source>
        <translation>疊加不透明度</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>Draw a file&apos;s overlays, and hide what its shutter hides</source>
        <translation>繪出檔案的疊加圖層，並遮住其遮罩所遮的部分</translation>
    </message>
    <message>
        <source>Draw the measurements and notes of an image</source>
        <translation>繪製影像的測量與註記</translation>
    </message>
    <message>
        <source>Starting window</source>
        <translation>起始窗值</translation>
    </message>
    <message>
        <source>Saved behind the keys 7, 8 and 9: View, Window presets, Own windows.</source>
        <translation>存於按鍵 7、8、9：「檢視 &gt; 預設窗值 &gt; 自訂窗值」。</translation>
    </message>
    <message>
        <source>Gamma of original and reconstruction</source>
        <translation>原始影像與重建影像的伽瑪</translation>
    </message>
    <message>
        <source>Strength of the even contrast</source>
        <translation>均衡對比的強度</translation>
    </message>
    <message>
        <source>Files read at once</source>
        <translation>同時讀取的檔案數</translation>
    </message>
    <message>
        <source>On an image. With Ctrl, and where a study has one image only, it zooms.</source>
        <translation>在影像上。按住 Ctrl，或檢查只有一張影像時，為縮放。</translation>
    </message>
    <message>
        <source>Speed of window and level</source>
        <translation>窗寬與窗位的速度</translation>
    </message>
    <message>
        <source>How far a drag changes the greys.</source>
        <translation>拖曳改變灰階的幅度。</translation>
    </message>
    <message>
        <source>Speed of the zoom</source>
        <translation>縮放的速度</translation>
    </message>
    <message>
        <source>How far a drag or the wheel zooms.</source>
        <translation>拖曳或滾輪縮放的幅度。</translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation>放大鏡</translation>
    </message>
    <message>
        <source>The magnifier follows the cursor.</source>
        <translation>放大鏡跟隨游標。</translation>
    </message>
    <message>
        <source>Magnification of the magnifier</source>
        <translation>放大鏡的倍率</translation>
    </message>
    <message>
        <source>How much the magnifier enlarges what is under the cursor.</source>
        <translation>放大鏡放大游標處內容的倍率。</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>版面</translation>
    </message>
    <message>
        <source>The program connects to nothing but the systems that you have listed under Network. Worklist, results and settings stay in its own folder on this computer; logs hold no patient identifier.</source>
        <translation>本程式只與您在「網路」中列出的系統連線。工作清單、結果與設定保存於本機的專屬資料夾；記錄檔不含病人識別資料。</translation>
    </message>
    <message>
        <source>How many panes are on the screen.</source>
        <translation>螢幕上的窗格數。</translation>
    </message>
    <message>
        <source>Hanging rules</source>
        <translation>影像排列規則</translation>
    </message>
    <message>
        <source>No score</source>
        <translation>無分數</translation>
    </message>
    <message>
        <source>Nothing of the study was analysed, or will be.</source>
        <translation>此檢查沒有任何影像已分析或將分析。</translation>
    </message>
    <message>
        <source>Current and prior</source>
        <translation>本次與先前檢查</translation>
    </message>
    <message>
        <source>The patient&apos;s study before this one stands beside it, of the same name.</source>
        <translation>同名病人的前一筆檢查並列於旁。</translation>
    </message>
    <message>
        <source>Frontal and lateral</source>
        <translation>正面與側面</translation>
    </message>
    <message>
        <source>The lateral view stands beside the frontal one; it has no score.</source>
        <translation>側面像並列於正面像旁；側面像不評分。</translation>
    </message>
    <message>
        <source>Portrait screen</source>
        <translation>直式螢幕</translation>
    </message>
    <message>
        <source>The window is higher than wide; what stands side by side elsewhere is stacked.</source>
        <translation>視窗高大於寬；原本左右並列的改為上下排列。</translation>
    </message>
    <message>
        <source>Every other study</source>
        <translation>其他所有檢查</translation>
    </message>
    <message>
        <source>A frontal image alone, on a landscape screen.</source>
        <translation>橫式螢幕上的單張正面像。</translation>
    </message>
    <message>
        <source>Default character set</source>
        <translation>預設字元集</translation>
    </message>
    <message>
        <source>Adults, by age</source>
        <translation>成人（依年齡）</translation>
    </message>
    <message>
        <source>Children, by age</source>
        <translation>兒童（依年齡）</translation>
    </message>
    <message>
        <source>Stored results</source>
        <translation>儲存的結果</translation>
    </message>
    <message>
        <source>Results of removed studies</source>
        <translation>已移除檢查的結果</translation>
    </message>
    <message>
        <source>How long they are kept, should the study be opened again.</source>
        <translation>保留多久，以備再次開啟該檢查。</translation>
    </message>
    <message>
        <source>Room for stored results</source>
        <translation>儲存結果的空間</translation>
    </message>
    <message>
        <source>Above it, results of studies that were removed longest ago are dropped sooner.</source>
        <translation>超過時，最早移除之檢查的結果會提早刪去。</translation>
    </message>
    <message>
        <source>GB</source>
        <translation>GB</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隱私</translation>
    </message>
    <message>
        <source>Nothing on the screen and in exports tells who a patient is.</source>
        <translation>畫面與匯出內容皆不透露病人身分。</translation>
    </message>
    <message>
        <source>Recent folders</source>
        <translation>最近的資料夾</translation>
    </message>
    <message>
        <source>Where you opened images last. Their names may tell of patients.</source>
        <translation>您最近開啟影像的位置。資料夾名稱可能透露病人資訊。</translation>
    </message>
    <message>
        <source>Watched folder</source>
        <translation>監看的資料夾</translation>
    </message>
    <message>
        <source>New DICOM files in it come into the worklist. File, Watch a folder chooses it.</source>
        <translation>其中新的 DICOM 檔案會進入工作清單。在「檔案 &gt; 監看資料夾」選擇。</translation>
    </message>
    <message>
        <source>Windows of the file</source>
        <translation>檔案的窗值</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗值</translation>
    </message>
    <message>
        <source>This computer has no printer.</source>
        <translation>這台電腦沒有印表機。</translation>
    </message>
    <message>
        <source>Set one up in the system, or export the page as PDF.</source>
        <translation>請在系統中設定印表機，或將頁面匯出為 PDF。</translation>
    </message>
    <message>
        <source>Export picture of the panes</source>
        <translation>匯出窗格畫面</translation>
    </message>
    <message>
        <source>Export worklist</source>
        <translation>匯出工作清單</translation>
    </message>
    <message>
        <source>Not scored: only the picture and the image itself can be written.</source>
        <translation>未評分：僅能寫出畫面與影像本身。</translation>
    </message>
    <message>
        <source>Not scored: only the picture, the image itself, your marks and your judgement can be written.</source>
        <translation>未評分：只能寫出畫面、影像本身，以及您的標記與判斷。</translation>
    </message>
    <message>
        <source>Leaves out name, numbers, dates and free text, and gives other UIDs (PS3.15 basic profile).</source>
        <translation>移除姓名、號碼、日期與自由文字，並更換 UID（PS3.15 基本設定檔）。</translation>
    </message>
    <message>
        <source>A pseudonym stands in the patient&apos;s place; DICOM files keep the patient.</source>
        <translation>以代號取代病人姓名；DICOM 檔案仍保留病人資料。</translation>
    </message>
    <message>
        <source>Names are masked (View menu), so whatever leaves the program is de-identified.</source>
        <translation>姓名已遮蔽（檢視選單），因此所有離開程式的內容都會去識別化。</translation>
    </message>
    <message>
        <source>De-identifying does not remove that.</source>
        <translation>去識別化無法將其移除。</translation>
    </message>
    <message>
        <source>I have looked: the picture names nobody</source>
        <translation>我已查看：畫面中未顯示任何人的姓名</translation>
    </message>
    <message>
        <source>Export into this folder</source>
        <translation>匯出到此資料夾</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>匯出</translation>
    </message>
    <message>
        <source>the image as on the screen with the letters of its sides</source>
        <translation>與螢幕上相同的影像及其左右方位字母</translation>
    </message>
    <message>
        <source>Pictures and pages show the open image as on the screen and the others as in their files, with the letters of their sides, your marks and your judgement.</source>
        <translation>圖片與頁面上，開啟中的影像與螢幕上相同，其他影像依其檔案顯示，並附左右方位字母、您的標記與您的判斷。</translation>
    </message>
    <message>
        <source>Notes, the words of arrows, who read it and when are left out.</source>
        <translation>註記、箭頭的文字、判讀者與判讀時間均不包含在內。</translation>
    </message>
    <message>
        <source>Export {count} studies</source>
        <translation>匯出 {count} 筆檢查</translation>
    </message>
    <message>
        <source>All {count} images of this study</source>
        <translation>此檢查的全部 {count} 張影像</translation>
    </message>
    <message>
        <source>All images of this study</source>
        <translation>此檢查的全部影像</translation>
    </message>
    <message>
        <source>Otherwise only the image that is shown.</source>
        <translation>否則僅匯出目前顯示的影像。</translation>
    </message>
    <message>
        <source>What</source>
        <translation>內容</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>病人</translation>
    </message>
    <message>
        <source>De-identify everything</source>
        <translation>全部去識別化</translation>
    </message>
    <message>
        <source>Mask names on pictures and pages only</source>
        <translation>僅遮蔽畫面與頁面上的姓名</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>資料夾</translation>
    </message>
    <message>
        <source>Every file gets a new number; nothing is ever overwritten.</source>
        <translation>每個檔案都有新的編號；絕不覆寫任何內容。</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>選擇資料夾</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>選擇…</translation>
    </message>
    <message>
        <source>Choose what shall be written.</source>
        <translation>請選擇要寫出的內容。</translation>
    </message>
    <message>
        <source>Choose a folder.</source>
        <translation>請選擇資料夾。</translation>
    </message>
    <message>
        <source>De-identified, this picture is written only if you have looked at it.</source>
        <translation>去識別化時，須經您查看後才會寫出此畫面。</translation>
    </message>
    <message>
        <source>{count} marks with their figures</source>
        <translation>{count} 個標記及其數值</translation>
    </message>
    <message>
        <source>your mark with its figures</source>
        <translation>您的標記及其數值</translation>
    </message>
    <message>
        <source>your judgement</source>
        <translation>您的判斷</translation>
    </message>
    <message>
        <source>your judgement with your login name and its time</source>
        <translation>您的判斷，連同您的登入名稱與時間</translation>
    </message>
    <message>
        <source>Pictures and pages show {parts}.</source>
        <translation>圖片與頁面上會有{parts}。</translation>
    </message>
    <message>
        <source>Reconstruction unlike a normal image</source>
        <translation>重建影像不似正常</translation>
    </message>
    <message>
        <source>Far from memory, all patches</source>
        <translation>遠離記憶，所有區塊</translation>
    </message>
    <message>
        <source>Far from memory, strangest patch</source>
        <translation>遠離記憶，最不尋常的區塊</translation>
    </message>
    <message>
        <source>Patches fit memory better in other places</source>
        <translation>區塊更符合其他位置的記憶</translation>
    </message>
    <message>
        <source>Lung texture, where it is strong</source>
        <translation>肺紋理，何處較強</translation>
    </message>
    <message>
        <source>Lung texture, how strong</source>
        <translation>肺紋理，有多強</translation>
    </message>
    <message>
        <source>Lung texture, left against right</source>
        <translation>肺紋理，左右相比</translation>
    </message>
    <message>
        <source>Lung texture, against reconstruction</source>
        <translation>肺紋理，與重建影像相比</translation>
    </message>
    <message>
        <source>Lesion critic, strangest places</source>
        <translation>病灶判別器，最不尋常的位置</translation>
    </message>
    <message>
        <source>Lesion critic, whole image</source>
        <translation>病灶判別器，整張影像</translation>
    </message>
    <message>
        <source>Anatomy unlike normal, all places</source>
        <translation>解剖不似正常，所有位置</translation>
    </message>
    <message>
        <source>▲ from 1.3, ▲▲ from 1.6, ▲▲▲ from 2.3 standard deviations on: below them lie 90, 95 and 99% of a normal distribution.</source>
        <translation>▲ 自 1.3、▲▲ 自 1.6、▲▲▲ 自 2.3 個標準差起：常態分布的 90、95、99% 低於此值。</translation>
    </message>
    <message>
        <source>What the score is made of, in standard deviations from held-out normals</source>
        <translation>分數的組成，以保留的正常影像之標準差表示</translation>
    </message>
    <message>
        <source>Histogram of the scores of held-out normal images</source>
        <translation>保留的正常影像分數直方圖</translation>
    </message>
    <message>
        <source>0, like normal</source>
        <translation>0，似正常</translation>
    </message>
    <message>
        <source>1, unlike normal</source>
        <translation>1，不似正常</translation>
    </message>
    <message>
        <source>bars: normal images held out</source>
        <translation>長條：保留的正常影像</translation>
    </message>
    <message>
        <source>what-if {score:.2f}</source>
        <translation>試算 {score:.2f}</translation>
    </message>
    <message>
        <source>this image {score:.2f}</source>
        <translation>此影像 {score:.2f}</translation>
    </message>
    <message>
        <source>{name}. {more}</source>
        <translation>{name}。{more}</translation>
    </message>
    <message>
        <source>{value:.0f} px</source>
        <translation>{value:.0f} px</translation>
    </message>
    <message>
        <source>{value:.1f} mm</source>
        <translation>{value:.1f} mm</translation>
    </message>
    <message>
        <source>area {value:.0f} px</source>
        <translation>面積 {value:.0f} px</translation>
    </message>
    <message>
        <source>area {value:.0f} mm²</source>
        <translation>面積 {value:.0f} mm²</translation>
    </message>
    <message>
        <source>at detector</source>
        <translation>影像接收器平面</translation>
    </message>
    <message>
        <source>calibrated</source>
        <translation>已校正</translation>
    </message>
    <message>
        <source>magnified by {factor:.3g}</source>
        <translation>放大 {factor:.3g} 倍</translation>
    </message>
    <message>
        <source>on the film</source>
        <translation>底片平面</translation>
    </message>
    <message>
        <source>in the patient</source>
        <translation>病人體內平面</translation>
    </message>
    <message>
        <source>calibrated by the reader</source>
        <translation>由判讀者校正</translation>
    </message>
    <message>
        <source>known: {length}</source>
        <translation>已知：{length}</translation>
    </message>
    <message>
        <source>{value:.1f}°</source>
        <translation>{value:.1f}°</translation>
    </message>
    <message>
        <source>colours, no values</source>
        <translation>彩色影像，無數值</translation>
    </message>
    <message>
        <source>no pixel inside</source>
        <translation>範圍內沒有像素</translation>
    </message>
    <message>
        <source>mean {mean}  sd {sd}</source>
        <translation>平均 {mean}  標準差 {sd}</translation>
    </message>
    <message>
        <source>min {least}  max {greatest}</source>
        <translation>最小 {least}  最大 {greatest}</translation>
    </message>
    <message>
        <source>CTR –</source>
        <translation>心胸比 –</translation>
    </message>
    <message>
        <source>heart {heart}, thorax {thorax}</source>
        <translation>心臟 {heart}，胸廓 {thorax}</translation>
    </message>
    <message>
        <source>at the usual limit of {usual:.1f}</source>
        <translation>等於常用界限 {usual:.1f}</translation>
    </message>
    <message>
        <source>over the usual {usual:.1f}</source>
        <translation>超過常用界限 {usual:.1f}</translation>
    </message>
    <message>
        <source>within the usual {usual:.1f}</source>
        <translation>在常用界限 {usual:.1f} 以內</translation>
    </message>
    <message>
        <source>CTR {ratio:.2f}, {compared}</source>
        <translation>心胸比 {ratio:.2f}，{compared}</translation>
    </message>
    <message>
        <source>AP view: the heart looks larger</source>
        <translation>AP 照：心臟看起來較大</translation>
    </message>
    <message>
        <source>a child: the usual mark is for adults</source>
        <translation>兒童：常用界限適用於成人</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校正</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>區域</translation>
    </message>
    <message>
        <source>Heart: one end of its greatest width</source>
        <translation>心臟：最大寬度的一端</translation>
    </message>
    <message>
        <source>Heart: the other end</source>
        <translation>心臟：另一端</translation>
    </message>
    <message>
        <source>Thorax: one end of its greatest inner width</source>
        <translation>胸廓：最大內徑的一端</translation>
    </message>
    <message>
        <source>Thorax: the other end</source>
        <translation>胸廓：另一端</translation>
    </message>
    <message>
        <source>Angle: the end of one arm</source>
        <translation>角度：一邊的端點</translation>
    </message>
    <message>
        <source>Angle: the vertex</source>
        <translation>角度：頂點</translation>
    </message>
    <message>
        <source>Angle: the end of the other arm</source>
        <translation>角度：另一邊的端點</translation>
    </message>
    <message>
        <source>Length: one end</source>
        <translation>長度：一端</translation>
    </message>
    <message>
        <source>Ellipse: one corner of its box</source>
        <translation>橢圓：外框的一角</translation>
    </message>
    <message>
        <source>Rectangle: one corner</source>
        <translation>矩形：一角</translation>
    </message>
    <message>
        <source>Calibration: one end of something whose length you know</source>
        <translation>校正：已知長度物體的一端</translation>
    </message>
    <message>
        <source>Arrow: what it points at</source>
        <translation>箭頭：所指之處</translation>
    </message>
    <message>
        <source>Note: where it stands</source>
        <translation>註記：放置的位置</translation>
    </message>
    <message>
        <source>Replace by normal: one corner of the box</source>
        <translation>以正常影像取代：外框的一角</translation>
    </message>
    <message>
        <source>Replace by normal: one corner</source>
        <translation>以正常影像取代：一角</translation>
    </message>
    <message>
        <source>The opposite corner</source>
        <translation>對角</translation>
    </message>
    <message>
        <source>The other end</source>
        <translation>另一端</translation>
    </message>
    <message>
        <source>Marks are hidden</source>
        <translation>標記已隱藏</translation>
    </message>
    <message>
        <source>No more marks fit on this image; delete some first</source>
        <translation>此影像的標記已達上限；請先刪除一些</translation>
    </message>
    <message>
        <source>Text of the note</source>
        <translation>註記文字</translation>
    </message>
    <message>
        <source>Text, then Enter</source>
        <translation>輸入文字後按 Enter</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Memory shuffled between the places.</source>
        <translation>記憶已在各位置間打亂。</translation>
    </message>
    <message>
        <source>One entry removed.</source>
        <translation>已移除一個條目。</translation>
    </message>
    <message>
        <source>{count} entries removed.</source>
        <translation>已移除 {count} 個條目。</translation>
    </message>
    <message>
        <source>The reconstruction changes by less than 0.1% of the grey range.</source>
        <translation>重建影像的改變小於灰階範圍的 0.1%。</translation>
    </message>
    <message>
        <source>The reconstruction changes by {change:.1f}% of the grey range.</source>
        <translation>重建影像的改變為灰階範圍的 {change:.1f}%。</translation>
    </message>
    <message>
        <source>Hardly any change would mean that memory does not draw it.</source>
        <translation>若幾乎不變，表示畫出它的不是記憶。</translation>
    </message>
    <message>
        <source>memory shuffled</source>
        <translation>記憶已打亂</translation>
    </message>
    <message>
        <source>one memory entry removed</source>
        <translation>移除一個記憶條目</translation>
    </message>
    <message>
        <source>{count} memory entries removed</source>
        <translation>移除 {count} 個記憶條目</translation>
    </message>
    <message>
        <source>a region replaced by normal</source>
        <translation>一個區域以正常影像取代</translation>
    </message>
    <message>
        <source>Also tried: {parts}.</source>
        <translation>同時試算：{parts}。</translation>
    </message>
    <message>
        <source>A fall means that the place counts. No fall proves nothing: the in-painted normal is smoother than a radiograph, which alone can raise the score.</source>
        <translation>分數下降表示該處有影響。不下降不能證明什麼：填補的正常影像比X光影像平滑，僅此就可能提高分數。</translation>
    </message>
    <message>
        <source>Colours from {low} to {high}; below {threshold} as none</source>
        <translation>顏色由 {low} 到 {high}；低於 {threshold} 視為無</translation>
    </message>
    <message>
        <source>replaced by normal</source>
        <translation>以正常影像取代</translation>
    </message>
    <message>
        <source>The score in words and picture</source>
        <translation>以文字和圖說明分數</translation>
    </message>
    <message>
        <source>Among normal images</source>
        <translation>在正常影像之中</translation>
    </message>
    <message>
        <source>Made of (standard deviations from normal)</source>
        <translation>組成（與正常相差的標準差）</translation>
    </message>
    <message>
        <source>How it was found</source>
        <translation>如何得出</translation>
    </message>
    <message>
        <source>What these weights were made of, what was measured, and what they are not good for</source>
        <translation>這組權重由何而來、測得的結果，以及不適用之處</translation>
    </message>
    <message>
        <source>Card of these weights…</source>
        <translation>這組權重的模型卡…</translation>
    </message>
    <message>
        <source>Score {score}</source>
        <translation>分數 {score}</translation>
    </message>
    <message>
        <source>Another pane in the place of this one</source>
        <translation>在此位置改放其他窗格</translation>
    </message>
    <message>
        <source>Mirrored, top to bottom</source>
        <translation>已上下翻轉</translation>
    </message>
    <message>
        <source>turned 90° right</source>
        <translation>向右旋轉 90°</translation>
    </message>
    <message>
        <source>turned 180°</source>
        <translation>旋轉 180°</translation>
    </message>
    <message>
        <source>turned 90° left</source>
        <translation>向左旋轉 90°</translation>
    </message>
    <message>
        <source>Mirrored, {turned}</source>
        <translation>左右鏡像，{turned}</translation>
    </message>
    <message>
        <source>Mirrored</source>
        <translation>左右鏡像</translation>
    </message>
    <message>
        <source>Gamma {gamma}</source>
        <translation>伽瑪 {gamma}</translation>
    </message>
    <message>
        <source>CLAHE {limit}</source>
        <translation>CLAHE {limit}</translation>
    </message>
    <message>
        <source>Even contrast (CLAHE)</source>
        <translation>均衡對比（CLAHE）</translation>
    </message>
    <message>
        <source>Evens out the contrast over what is on the screen, so the same structure may look different elsewhere.</source>
        <translation>均衡螢幕上所見部分的對比，因此相同構造在別處可能看起來不同。</translation>
    </message>
    <message>
        <source>Greys on the screen</source>
        <translation>螢幕灰階</translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation>伽瑪</translation>
    </message>
    <message>
        <source>Above 1 brightens the middle greys, below 1 darkens them.</source>
        <translation>大於 1 使中間灰階變亮，小於 1 使其變暗。</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>強度</translation>
    </message>
    <message>
        <source>How far the contrast may rise.</source>
        <translation>對比可提高的程度。</translation>
    </message>
    <message>
        <source>How SQUID works</source>
        <translation>SQUID 的運作方式</translation>
    </message>
    <message>
        <source>The pictures are a schematic; with a scored study open they are drawn from it.</source>
        <translation>圖片為示意圖；開啟已評分的檢查後，會依該檢查繪製。</translation>
    </message>
    <message>
        <source>The pictures are drawn from the open study.</source>
        <translation>圖片依開啟中的檢查繪製。</translation>
    </message>
    <message>
        <source>SQUID has been shown normal chest radiographs only, without any label. It has learned to paint a chest from pieces of normal anatomy; what it cannot paint that way is unlike the normal it knows.</source>
        <translation>SQUID 只看過正常的胸部X光影像，沒有任何標註。它學會用正常解剖構造的片段畫出胸部；畫不出來的，就與它所知的正常不同。</translation>
    </message>
    <message>
        <source>What goes in</source>
        <translation>輸入的影像</translation>
    </message>
    <message>
        <source>Cut into patches</source>
        <translation>切成區塊</translation>
    </message>
    <message>
        <source>Compared with memory</source>
        <translation>與記憶比對</translation>
    </message>
    <message>
        <source>Painted as normal</source>
        <translation>畫成正常</translation>
    </message>
    <message>
        <source>What is left over</source>
        <translation>剩下的差異</translation>
    </message>
    <message>
        <source>One score</source>
        <translation>一個分數</translation>
    </message>
    <message>
        <source>{count} patches, each with a memory of its own place. The framed one is in row {row}, column {column}.</source>
        <translation>{count} 個區塊，每個位置各有自己的記憶。框起的是第 {row} 列、第 {column} 行。</translation>
    </message>
    <message>
        <source>The {count} entries most like the framed patch take its place, each with its weight. Entries are numbers; their pictures are painted from them.</source>
        <translation>最像框起區塊的 {count} 個記憶條目依各自的權重取而代之。條目是數字；圖片由這些數字畫出。</translation>
    </message>
    <message>
        <source>The {count} entries most like the framed patch take its place, each with its weight. Choose the patch in the memory pane to see them here.</source>
        <translation>最像框起區塊的 {count} 個記憶條目依各自的權重取而代之。在記憶窗格選擇該區塊，就會在這裡看到它們。</translation>
    </message>
    <message>
        <source>A hundred normal images that were held out; the filled ones score lower than the image does.</source>
        <translation>一百張保留的正常影像；實心者的分數低於此影像。</translation>
    </message>
    <message>
        <source>Of a hundred normal images that were held out {count} score lower; they are the filled dots.</source>
        <translation>一百張保留的正常影像中有 {count} 張分數較低；以實心圓點表示。</translation>
    </message>
    <message>
        <source>The image, cropped and reduced to {size} × {size} pixels. Window and zoom change nothing here.</source>
        <translation>影像經裁切並縮小為 {size} × {size} 像素。窗值與縮放不影響這裡。</translation>
    </message>
    <message>
        <source>The whole is painted anew from what memory gave: the normal image that this one could have been.</source>
        <translation>整張影像由記憶給出的內容重新畫成：這張影像原本可能的正常樣貌。</translation>
    </message>
    <message>
        <source>Orange is brighter than normal, blue darker. It shows where to look; the score does not read this map.</source>
        <translation>橙色比正常亮，藍色比正常暗。它指出該看哪裡；分數並不讀取此圖。</translation>
    </message>
    <message>
        <source>The score comes from how far the patches lie from their memory, from the texture of the lung fields and from what a critic makes of the painted image; the header says which weights it is made with. A low score does not mean that an image is normal, and a high one names no disease.</source>
        <translation>分數來自區塊與其記憶的距離、肺野的紋理，以及病灶判別器對畫出影像的看法；上方標題列寫明所用的權重。分數低不代表影像正常，分數高也不指出任何疾病。</translation>
    </message>
    <message>
        <source>Prior</source>
        <translation>先前檢查</translation>
    </message>
    <message>
        <source>Pane of the prior</source>
        <translation>先前檢查的窗格</translation>
    </message>
    <message>
        <source>Image of the prior</source>
        <translation>先前檢查的影像</translation>
    </message>
    <message>
        <source>another name</source>
        <translation>姓名不同</translation>
    </message>
    <message>
        <source>Earlier studies of the patient</source>
        <translation>病人的先前檢查</translation>
    </message>
    <message>
        <source>Other studies with this patient ID; one of them can be shown beside this one.</source>
        <translation>具有此病歷號的其他檢查；可將其中一筆顯示在這筆旁邊。</translation>
    </message>
    <message>
        <source>This study alone</source>
        <translation>只顯示這筆檢查</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>最近開啟</translation>
    </message>
    <message>
        <source>Judge and stay on the study</source>
        <translation>判斷並停留在此檢查</translation>
    </message>
    <message>
        <source>Forget all of these</source>
        <translation>全部忘記</translation>
    </message>
    <message>
        <source>Watch a folder…</source>
        <translation>監看資料夾…</translation>
    </message>
    <message>
        <source>Stop watching</source>
        <translation>停止監看</translation>
    </message>
    <message>
        <source>Calibrate by a known length</source>
        <translation>以已知長度校正</translation>
    </message>
    <message>
        <source>Next prior beside this study</source>
        <translation>在旁顯示下一筆先前檢查</translation>
    </message>
    <message>
        <source>Previous prior beside this study</source>
        <translation>在旁顯示上一筆先前檢查</translation>
    </message>
    <message>
        <source>Tour in five steps</source>
        <translation>五步導覽</translation>
    </message>
    <message>
        <source>How SQUID works…</source>
        <translation>SQUID 的運作方式…</translation>
    </message>
    <message>
        <source>Open {path} again</source>
        <translation>再次開啟 {path}</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>略過</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Skip the tour</source>
        <translation>略過導覽</translation>
    </message>
    <message>
        <source>Previous step of the tour</source>
        <translation>導覽的上一步</translation>
    </message>
    <message>
        <source>Step {number} of {total}</source>
        <translation>第 {number} 步，共 {total} 步</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>End the tour</source>
        <translation>結束導覽</translation>
    </message>
    <message>
        <source>Next step of the tour</source>
        <translation>導覽的下一步</translation>
    </message>
    <message>
        <source>The worklist sorts itself</source>
        <translation>工作清單自動排序</translation>
    </message>
    <message>
        <source>Studies are scored in the background, the one that looks least normal at the top. A score only ever raises a study; nothing is hidden. Ctrl+Down and Ctrl+Up go to the next and the previous study.</source>
        <translation>檢查在背景評分，看起來最不正常的排在最上面。分數只會提升檢查的順位；不會隱藏任何檢查。Ctrl+Down 與 Ctrl+Up 移到下一筆與上一筆檢查。</translation>
    </message>
    <message>
        <source>The original comes first</source>
        <translation>原始影像優先</translation>
    </message>
    <message>
        <source>Drag with the left button for window and level, with the right one to zoom, with the middle one to pan. Keys 0 to 6 are window presets, a double click shows one pane alone. F1 lists every key.</source>
        <translation>以左鍵拖曳調整窗寬與窗位，右鍵縮放，中鍵平移。按鍵 0 到 6 為窗值預設，按兩下只顯示一個窗格。F1 列出所有按鍵。</translation>
    </message>
    <message>
        <source>What normal would look like</source>
        <translation>正常應有的樣子</translation>
    </message>
    <message>
        <source>The reconstruction is the normal image that the detector imagines in this one&apos;s place; the difference is what is left. Space shows one in the place of the other, G lays the map over the original.</source>
        <translation>重建影像是偵測模型在此影像位置所推想的正常影像；差異圖是剩下的部分。空白鍵讓兩者在同一位置交替，G 將圖疊加於原始影像。</translation>
    </message>
    <message>
        <source>Where that comes from</source>
        <translation>它從何而來</translation>
    </message>
    <message>
        <source>Each patch is compared with the normal anatomy that was remembered for its place. Click a patch, or walk over them with the arrow keys, to see its entries. A high number means: unlike any of them.</source>
        <translation>每個區塊都與為該位置記住的正常解剖構造比對。按一下區塊，或以方向鍵逐一移動，即可看到其記憶條目。數字高表示：與其中任何一個都不像。</translation>
    </message>
    <message>
        <source>What if?</source>
        <translation>如果改變設定呢？</translation>
    </message>
    <message>
        <source>Ask for other settings of the detector here: the answer stands beside the locked score and never changes the worklist. F9 shows and hides this panel. This tour is in the Help menu.</source>
        <translation>在這裡試用偵測模型的其他設定：結果顯示在鎖定分數旁邊，絕不改變工作清單。F9 顯示或隱藏此面板。本導覽在「說明」選單中。</translation>
    </message>
    <message>
        <source>Watched folder is away</source>
        <translation>監看的資料夾無法連線</translation>
    </message>
    <message>
        <source>Watching a folder</source>
        <translation>正在監看資料夾</translation>
    </message>
    <message>
        <source>New DICOM files in this folder come into the worklist by themselves; {count} so far.</source>
        <translation>此資料夾中新的 DICOM 檔案會自動進入工作清單；目前已有 {count} 個。</translation>
    </message>
    <message>
        <source>It cannot be reached now and is looked for every few seconds.</source>
        <translation>目前無法連線，每隔幾秒會再尋找。</translation>
    </message>
    <message>
        <source>{map} over the original: colours from {low} to {high}</source>
        <translation>疊加於原始影像的{map}：色彩由 {low} 到 {high}</translation>
    </message>
    <message>
        <source>How the percentiles of the newest studies are spread</source>
        <translation>最新檢查的百分位分布</translation>
    </message>
    <message>
        <source>Percentile</source>
        <translation>百分位</translation>
    </message>
    <message>
        <source>% of studies below</source>
        <translation>低於此值的檢查 %</translation>
    </message>
    <message>
        <source>The percentiles week by week</source>
        <translation>逐週的百分位</translation>
    </message>
    <message>
        <source>Week from</source>
        <translation>週（起始日）</translation>
    </message>
    <message>
        <source>What they found stays readable. If they are in use, new studies are scored with the weights that ship.</source>
        <translation>其結果仍可檢視。若正在使用，新檢查將改用隨程式提供的權重評分。</translation>
    </message>
    <message>
        <source>Learn this hospital</source>
        <translation>學習本院影像</translation>
    </message>
    <message>
        <source>Learn</source>
        <translation>學習</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>目前</translation>
    </message>
    <message>
        <source>With the learned weights</source>
        <translation>使用學得的權重</translation>
    </message>
    <message>
        <source>Use for new studies</source>
        <translation>用於新檢查</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>捨棄</translation>
    </message>
    <message>
        <source>What it would be worth</source>
        <translation>成效預估</translation>
    </message>
    <message>
        <source>Learned before</source>
        <translation>先前學得的權重</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>刪除…</translation>
    </message>
    <message>
        <source>Delete {name}</source>
        <translation>刪除 {name}</translation>
    </message>
    <message>
        <source>Card…</source>
        <translation>模型卡…</translation>
    </message>
    <message>
        <source>Card of {name}</source>
        <translation>{name} 的模型卡</translation>
    </message>
    <message>
        <source>{population}: the weights that ship</source>
        <translation>{population}：隨程式提供的權重</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Use {name} for new studies</source>
        <translation>將 {name} 用於新檢查</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Delete the learned weights {name}?</source>
        <translation>要刪除學得的權重 {name} 嗎？</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>刪除</translation>
    </message>
    <message>
        <source>percentile of your normals</source>
        <translation>貴院正常影像的百分位</translation>
    </message>
    <message>
        <source>Adults</source>
        <translation>成人</translation>
    </message>
    <message>
        <source>Children under 18</source>
        <translation>未滿 18 歲兒童</translation>
    </message>
    <message>
        <source>not scored, so the detector may not be meant for them</source>
        <translation>張未評分，可能不適用於偵測模型</translation>
    </message>
    <message>
        <source>another image lies in the place of their file</source>
        <translation>張的檔案位置已有其他影像</translation>
    </message>
    <message>
        <source>their file has changed since it was judged</source>
        <translation>張的檔案在判斷後有變更</translation>
    </message>
    <message>
        <source>their file cannot be read</source>
        <translation>張的檔案無法讀取</translation>
    </message>
    <message>
        <source>further images of a patient (the newest counts)</source>
        <translation>張為同一病人的其他影像（以最新者計）</translation>
    </message>
    <message>
        <source>more than are needed (the newest count)</source>
        <translation>張超出所需（以最新者計）</translation>
    </message>
    <message>
        <source>could not be read, or are not for the detector</source>
        <translation>張無法讀取，或不適用於偵測模型</translation>
    </message>
    <message>
        <source>patients of another age</source>
        <translation>張屬於其他年齡層的病人</translation>
    </message>
    <message>
        <source>unlike anything in memory</source>
        <translation>張與記憶中的一切都不相似</translation>
    </message>
    <message>
        <source>far less normal than the others</source>
        <translation>張遠不如其他影像正常</translation>
    </message>
    <message>
        <source>The detector measures a chest against normal ones of other hospitals, whose devices and patients are not yours. Here it learns from the studies that you called normal (Study menu), in about a minute. Nothing leaves this computer, and nothing changes before you have seen what it would be worth.</source>
        <translation>偵測模型以其他醫院的正常胸部影像為基準，那些設備與病人與貴院不同。在此，它會從您判為正常的檢查（「檢查」選單）學習，約需一分鐘。資料不會離開這台電腦；在您看過成效預估之前，一切都不會改變。</translation>
    </message>
    <message>
        <source>Call normal studies normal as they come. Those alone that the detector took for abnormal would teach it too much.</source>
        <translation>正常的檢查請依到來的順序判為正常。若只挑偵測模型誤判為異常的檢查，會使它學過頭。</translation>
    </message>
    <message>
        <source>Fetching the images…</source>
        <translation>正在取得影像…</translation>
    </message>
    <message>
        <source>Learning. Scoring goes on meanwhile.</source>
        <translation>學習中。評分同時繼續。</translation>
    </message>
    <message>
        <source>Keeping the learned weights…</source>
        <translation>正在儲存學得的權重…</translation>
    </message>
    <message>
        <source>{population}: {count} normal studies, each of another patient</source>
        <translation>{population}：{count} 筆正常檢查，各屬不同病人</translation>
    </message>
    <message>
        <source>{population}: {count} of at least {fewest} normal studies, each of another patient</source>
        <translation>{population}：{count} 筆正常檢查（至少需 {fewest} 筆），各屬不同病人</translation>
    </message>
    <message>
        <source>others</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>By device: {devices}.</source>
        <translation>依設備：{devices}。</translation>
    </message>
    <message>
        <source>Left out: {reasons}.</source>
        <translation>未納入：{reasons}。</translation>
    </message>
    <message>
        <source>1 study with a finding that you accepted or rejected does not enter.</source>
        <translation>1 筆您已接受或否定發現的檢查不納入。</translation>
    </message>
    <message>
        <source>{count} studies with findings that you accepted or rejected do not enter.</source>
        <translation>{count} 筆您已接受或否定發現的檢查不納入。</translation>
    </message>
    <message>
        <source>Beyond the {percentile}th percentile: {before} of your {count} normals ({before_low} to {before_high}); with the learned weights {after} ({after_low} to {after_high}). {right} would be right.</source>
        <translation>超過第 {percentile} 百分位者：貴院 {count} 張正常影像中有 {before} 張（{before_low} 至 {before_high}）；使用學得的權重則為 {after} 張（{after_low} 至 {after_high}）。應為 {right} 張。</translation>
    </message>
    <message>
        <source>They fit your hospital, which the weights that they were learned from do not.</source>
        <translation>適合貴院，而其來源權重則不適合。</translation>
    </message>
    <message>
        <source>They fit better, but not well yet: learn again once there are more normal studies.</source>
        <translation>較為適合，但仍不理想：待有更多正常檢查時再學習一次。</translation>
    </message>
    <message>
        <source>They fit no better: look whether all of these studies are normal frontal chests.</source>
        <translation>並未更適合：請確認這些檢查是否都是正常的正面胸部影像。</translation>
    </message>
    <message>
        <source>The weights fit your hospital already; there is little to gain.</source>
        <translation>目前的權重已適合貴院，改善空間不大。</translation>
    </message>
    <message>
        <source>Each image was scored by what was learned from others only. In brackets: 95% intervals.</source>
        <translation>每張影像都只以從其他影像學得的內容評分。括號內為 95% 區間。</translation>
    </message>
    <message>
        <source>{population}, from {count} normal studies</source>
        <translation>{population}，學自 {count} 筆正常檢查</translation>
    </message>
    <message>
        <source>{count} scores are of other weights ({names}) than new studies get ({now}), and do not compare.</source>
        <translation>有 {count} 個分數來自其他權重（{names}），而新檢查使用 {now}，兩者不能比較。</translation>
    </message>
    <message>
        <source>1 score is of other weights ({names}) than new studies get ({now}), and does not compare.</source>
        <translation>有 1 個分數來自其他權重（{names}），而新檢查使用 {now}，兩者不能比較。</translation>
    </message>
    <message>
        <source>Of {count} normals in each tenth of the percentiles: {parts}; {right:.1f} in each is right.</source>
        <translation>{count} 張正常影像在百分位每十分之一中的張數：{parts}；每格應為 {right:.1f} 張。</translation>
    </message>
    <message>
        <source>Score these again</source>
        <translation>重新評分這些檢查</translation>
    </message>
    <message>
        <source>With the weights that new studies get.</source>
        <translation>使用新檢查所用的權重。</translation>
    </message>
    <message>
        <source>Graphics of the file are off</source>
        <translation>檔案的圖形已關閉</translation>
    </message>
    <message>
        <source>The file&apos;s shutter hides a part</source>
        <translation>檔案的遮罩遮住了一部分</translation>
    </message>
    <message>
        <source>The state&apos;s shutter hides a part</source>
        <translation>呈現狀態的遮罩蓋住了一部分</translation>
    </message>
    <message>
        <source>Overlays left out: they may hold names</source>
        <translation>疊加圖層已略去：其中可能有姓名</translation>
    </message>
    <message>
        <source>Words left out: they may hold names</source>
        <translation>文字未顯示：其中可能有姓名</translation>
    </message>
    <message>
        <source>As presented…</source>
        <translation>依呈現狀態…</translation>
    </message>
    <message>
        <source>Presentation states of this image: how somebody else has shown it</source>
        <translation>此影像的呈現狀態：他人如何顯示它</translation>
    </message>
    <message>
        <source>As presented by {creator} ({label})</source>
        <translation>依 {creator} 的呈現（{label}）</translation>
    </message>
    <message>
        <source>As presented by {name}</source>
        <translation>依 {name} 的呈現</translation>
    </message>
    <message>
        <source>As presented by a state without a name</source>
        <translation>依一個沒有名稱的呈現狀態</translation>
    </message>
    <message>
        <source>{title}, changed since</source>
        <translation>{title}，之後已更改</translation>
    </message>
    <message>
        <source>This image has a presentation state that is not applied: “{title}”, in the bar of the original.</source>
        <translation>此影像有一個未套用的呈現狀態：「{title}」，在原始影像的標題列。</translation>
    </message>
    <message>
        <source>This image has {count} presentation states that are not applied: “As presented…”, in the original&apos;s bar.</source>
        <translation>此影像有 {count} 個未套用的呈現狀態：「依呈現狀態…」，在原始影像的標題列。</translation>
    </message>
    <message>
        <source>Of the presentation state:</source>
        <translation>關於此呈現狀態：</translation>
    </message>
    <message>
        <source>A presentation state names this image and another study, patient ID or name; it is not offered.</source>
        <translation>有一個呈現狀態指向此影像，但其檢查、病歷號或姓名不同；因此不提供。</translation>
    </message>
    <message>
        <source>The image is on the clipboard.</source>
        <translation>影像已複製到剪貼簿。</translation>
    </message>
    <message>
        <source>Own window {key}</source>
        <translation>自訂窗值 {key}</translation>
    </message>
    <message>
        <source>Export {count} studies…</source>
        <translation>匯出 {count} 筆檢查…</translation>
    </message>
    <message>
        <source>Send results of {count} studies…</source>
        <translation>傳送 {count} 筆檢查的結果…</translation>
    </message>
    <message>
        <source>Analyse {count} images anyway</source>
        <translation>仍要分析 {count} 張影像</translation>
    </message>
    <message>
        <source>Mark {count} studies read</source>
        <translation>將 {count} 筆檢查標為已判讀</translation>
    </message>
    <message>
        <source>Mark {count} studies unread</source>
        <translation>將 {count} 筆檢查標為未判讀</translation>
    </message>
    <message>
        <source>Remove {count} studies from the worklist</source>
        <translation>將 {count} 筆檢查自工作清單移除</translation>
    </message>
    <message>
        <source>Header of the file</source>
        <translation>檔案標頭</translation>
    </message>
    <message>
        <source>Search tags, names and values</source>
        <translation>搜尋標籤、名稱與值</translation>
    </message>
    <message>
        <source>Search the header</source>
        <translation>搜尋標頭</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>複製</translation>
    </message>
    <message>
        <source>The chosen rows, or all that are shown, as text for a table.</source>
        <translation>將選取的列（未選取則為所有顯示的列）複製為表格文字。</translation>
    </message>
    <message>
        <source>Reading the header…</source>
        <translation>正在讀取標頭…</translation>
    </message>
    <message>
        <source>The header has more elements than are listed here.</source>
        <translation>標頭的元素多於此處所列。</translation>
    </message>
    <message>
        <source>Names are masked: what a de-identified copy would leave out is not shown.</source>
        <translation>姓名已遮蔽：去識別化副本會移除的內容不予顯示。</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>標籤</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名稱</translation>
    </message>
    <message>
        <source>VR</source>
        <translation>VR</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Item {number}</source>
        <translation>項目 {number}</translation>
    </message>
    <message>
        <source>Private or unknown</source>
        <translation>私有或未知</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>已遮蔽</translation>
    </message>
    <message>
        <source>{count} bytes</source>
        <translation>{count} 位元組</translation>
    </message>
    <message>
        <source>1 item</source>
        <translation>1 個項目</translation>
    </message>
    <message>
        <source>{count} items</source>
        <translation>{count} 個項目</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>無法讀取</translation>
    </message>
    <message>
        <source>{value} … ({count} in all)</source>
        <translation>{value} …（共 {count}）</translation>
    </message>
    <message>
        <source>Own windows</source>
        <translation>自訂窗值</translation>
    </message>
    <message>
        <source>A window is saved as it lies on the greys of this image, so that it fits other images too.</source>
        <translation>窗值以其在此影像灰階中的相對位置儲存，因此也適用於其他影像。</translation>
    </message>
    <message>
        <source>Save the shown window</source>
        <translation>儲存目前的窗值</translation>
    </message>
    <message>
        <source>Name of the window behind key {key}</source>
        <translation>按鍵 {key} 的窗值名稱</translation>
    </message>
    <message>
        <source>Save the shown window behind key {key}</source>
        <translation>將目前的窗值存到按鍵 {key}</translation>
    </message>
    <message>
        <source>Delete the window behind key {key}</source>
        <translation>刪除按鍵 {key} 的窗值</translation>
    </message>
    <message>
        <source>Print report page</source>
        <translation>列印報告頁</translation>
    </message>
    <message>
        <source>Print picture of the panes</source>
        <translation>列印窗格畫面</translation>
    </message>
    <message>
        <source>How long is this line, in millimetres?</source>
        <translation>這條線有多長（公釐）？</translation>
    </message>
    <message>
        <source>No radiograph has such pixels.</source>
        <translation>X光影像不會有這樣的像素大小。</translation>
    </message>
    <message>
        <source>Draw the line again, from one end to the other, and check its length.</source>
        <translation>請從一端到另一端重新畫線，並確認其長度。</translation>
    </message>
    <message>
        <source>The file states another scale. Use yours for this image?</source>
        <translation>檔案註明的比例不同。此影像要採用您的校正嗎？</translation>
    </message>
    <message>
        <source>Yours: {own:.3g} mm a pixel. The file: {stated:.3g} mm, {source}. Lengths that were measured on this image change; the file stays as it is, and Undo takes it back.</source>
        <translation>您的：每像素 {own:.3g} mm。檔案：{stated:.3g} mm，{source}。此影像上已測量的長度會隨之改變；檔案本身不變，可用「復原」取消。</translation>
    </message>
    <message>
        <source>Use mine</source>
        <translation>採用我的</translation>
    </message>
    <message>
        <source>Keep the file&apos;s</source>
        <translation>保留檔案的</translation>
    </message>
    <message>
        <source>Kept with the study; changes neither score nor order. The next unread study follows.</source>
        <translation>隨檢查保存，不改變分數與排序；接著顯示下一筆未判讀的檢查。</translation>
    </message>
    <message>
        <source>With Shift this one stays.</source>
        <translation>按住 Shift 則停留在此檢查。</translation>
    </message>
    <message>
        <source>Cardiothoracic ratio {ratio:.2f}.</source>
        <translation>心胸比 {ratio:.2f}。</translation>
    </message>
    <message>
        <source>Score {score:.2f}, {place}</source>
        <translation>分數 {score:.2f}，{place}</translation>
    </message>
    <message>
        <source>{sentence}.</source>
        <translation>{sentence}。</translation>
    </message>
    <message>
        <source>above all normals</source>
        <translation>高於所有正常影像</translation>
    </message>
    <message>
        <source>below the 1st percentile of normals</source>
        <translation>低於正常影像的第 1 百分位</translation>
    </message>
    <message>
        <source>{place} percentile of normals</source>
        <translation>位居正常影像的{place} 百分位</translation>
    </message>
    <message>
        <source>Names are masked, so the file is not named.</source>
        <translation>姓名已遮蔽，因此不顯示檔名。</translation>
    </message>
    <message>
        <source>File {name} in {folder}.</source>
        <translation>檔案 {name}，位於 {folder}。</translation>
    </message>
    <message>
        <source>mark</source>
        <translation>標記</translation>
    </message>
    <message>
        <source>judgement</source>
        <translation>判斷</translation>
    </message>
    <message>
        <source>marked as read or unread</source>
        <translation>已判讀／未判讀的標示</translation>
    </message>
    <message>
        <source>what-if</source>
        <translation>試算</translation>
    </message>
    <message>
        <source>removal from the worklist</source>
        <translation>自工作清單移除</translation>
    </message>
    <message>
        <source>Finding accepted.</source>
        <translation>已接受此發現。</translation>
    </message>
    <message>
        <source>Finding rejected.</source>
        <translation>已否定此發現。</translation>
    </message>
    <message>
        <source>Called normal.</source>
        <translation>已判為正常。</translation>
    </message>
    <message>
        <source>Judgement taken back.</source>
        <translation>已清除判斷。</translation>
    </message>
    <message>
        <source>Marked read.</source>
        <translation>已標為已判讀。</translation>
    </message>
    <message>
        <source>{count} studies marked read.</source>
        <translation>已將 {count} 筆檢查標為已判讀。</translation>
    </message>
    <message>
        <source>Marked unread.</source>
        <translation>已標為未判讀。</translation>
    </message>
    <message>
        <source>{count} studies marked unread.</source>
        <translation>已將 {count} 筆檢查標為未判讀。</translation>
    </message>
    <message>
        <source>Removed from the worklist.</source>
        <translation>已自工作清單移除。</translation>
    </message>
    <message>
        <source>{count} studies removed from the worklist.</source>
        <translation>已自工作清單移除 {count} 筆檢查。</translation>
    </message>
    <message>
        <source>Undone: {deed}.</source>
        <translation>已復原：{deed}。</translation>
    </message>
    <message>
        <source>Done again: {deed}.</source>
        <translation>已重做：{deed}。</translation>
    </message>
    <message>
        <source>Its study is shown.</source>
        <translation>已顯示該檢查。</translation>
    </message>
    <message>
        <source>Unread</source>
        <translation>未判讀</translation>
    </message>
    <message>
        <source>Studies that you are not done with. Priors are not counted.</source>
        <translation>您尚未判讀完成的檢查；先前檢查不計。</translation>
    </message>
    <message>
        <source>Scores at the 95th percentile of normals and above.</source>
        <translation>分數達正常人第 95 百分位（含）以上。</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今日</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>自…至…</translation>
    </message>
    <message>
        <source>Any day</source>
        <translation>不限日期</translation>
    </message>
    <message>
        <source>Which system is asked.</source>
        <translation>要查詢哪個系統。</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>When the study was made.</source>
        <translation>檢查的日期。</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>起始日期</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>結束日期</translation>
    </message>
    <message>
        <source>What the study was made with.</source>
        <translation>檢查所用的儀器類別。</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Patient&apos;s name</source>
        <translation>病人姓名</translation>
    </message>
    <message>
        <source>Its beginning is enough; * and ? stand for any letters.</source>
        <translation>輸入開頭即可；* 與 ? 代表任意字元。</translation>
    </message>
    <message>
        <source>The whole number; * and ? stand for any characters.</source>
        <translation>請輸入完整號碼；* 與 ? 代表任意字元。</translation>
    </message>
    <message>
        <source>Body part</source>
        <translation>檢查部位</translation>
    </message>
    <message>
        <source>As the device states it, such as CHEST; leave it empty for any.</source>
        <translation>依儀器所記載，例如 CHEST；不限則留空。</translation>
    </message>
    <message>
        <source>Studies of today&apos;s date.</source>
        <translation>檢查日期為今日的檢查。</translation>
    </message>
    <message>
        <source>Studies about which the detector asks before it scores them.</source>
        <translation>偵測模型在評分前有疑問的檢查。</translation>
    </message>
    <message>
        <source>Studies that could not be read.</source>
        <translation>無法讀取的檢查。</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>已否定</translation>
    </message>
    <message>
        <source>Studies whose finding you have rejected.</source>
        <translation>您已否定其發現的檢查。</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>有變更</translation>
    </message>
    <message>
        <source>Studies whose file was replaced, or that were scored anew with another result since the program began.</source>
        <translation>檔案已被取代，或程式啟動後重新評分而結果不同的檢查。</translation>
    </message>
    <message>
        <source>Filter by name, ID, date…</source>
        <translation>依姓名、病歷號、日期篩選…</translation>
    </message>
    <message>
        <source>Name, patient ID, accession number, description or date; several words are all looked for.</source>
        <translation>姓名、病歷號、檢查單號、檢查描述或日期；輸入多個詞時須全部符合。</translation>
    </message>
    <message>
        <source>{word}: {count} studies</source>
        <translation>{word}：{count} 筆檢查</translation>
    </message>
    <message>
        <source>Images of the study</source>
        <translation>此檢查的影像</translation>
    </message>
    <message>
        <source>Image {number}</source>
        <translation>影像 {number}</translation>
    </message>
    <message>
        <source>By score, highest first</source>
        <translation>依分數，由高至低</translation>
    </message>
    <message>
        <source>By date, newest first</source>
        <translation>依日期，由新至舊</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>依姓名</translation>
    </message>
    <message>
        <source>By waiting, longest first</source>
        <translation>依等候時間，最久者在前</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>分數</translation>
    </message>
    <message>
        <source>Patient ID</source>
        <translation>病歷號</translation>
    </message>
    <message>
        <source>Sex and age</source>
        <translation>性別與年齡</translation>
    </message>
    <message>
        <source>Study date</source>
        <translation>檢查日期</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>本機</translation>
    </message>
    <message>
        <source>ID</source>
        <translation>病歷號</translation>
    </message>
    <message>
        <source>Sex</source>
        <translation>性別</translation>
    </message>
    <message>
        <source>Born</source>
        <translation>出生日期</translation>
    </message>
    <message>
        <source>Date and time</source>
        <translation>檢查日期與時間</translation>
    </message>
    <message>
        <source>Modality</source>
        <translation>儀器類別</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>檢查描述</translation>
    </message>
    <message>
        <source>Accession</source>
        <translation>檢查單號</translation>
    </message>
    <message>
        <source>Studies that were found</source>
        <translation>查詢到的檢查</translation>
    </message>
    <message>
        <source>Accession number</source>
        <translation>檢查單號</translation>
    </message>
    <message>
        <source>State</source>
        <translation>狀態</translation>
    </message>
    <message>
        <source>Waiting since</source>
        <translation>等候起始</translation>
    </message>
    <message>
        <source>The order of the list, one line a study, and which columns it has.</source>
        <translation>清單的排序、每筆檢查一行，以及顯示哪些欄位。</translation>
    </message>
    <message>
        <source>Order and columns of the worklist</source>
        <translation>工作清單的排序與欄位</translation>
    </message>
    <message>
        <source>Columns of a line</source>
        <translation>單行顯示的欄位</translation>
    </message>
    <message>
        <source>1 above the 95% line left</source>
        <translation>尚有 1 個高於 95% 線</translation>
    </message>
    <message>
        <source>{count} above the 95% line left</source>
        <translation>尚有 {count} 個高於 95% 線</translation>
    </message>
    <message>
        <source>1 higher above</source>
        <translation>上方有 1 個分數更高</translation>
    </message>
    <message>
        <source>{count} higher above</source>
        <translation>上方有 {count} 個分數更高</translation>
    </message>
    <message>
        <source>1 new</source>
        <translation>1 筆新檢查</translation>
    </message>
    <message>
        <source>{count} new</source>
        <translation>{count} 筆新檢查</translation>
    </message>
    <message>
        <source>{read} of {count} read</source>
        <translation>已判讀 {read} / {count}</translation>
    </message>
    <message>
        <source>Go to the highest of them</source>
        <translation>前往其中分數最高的檢查</translation>
    </message>
    <message>
        <source>Go to the first of them</source>
        <translation>前往其中第一筆檢查</translation>
    </message>
    <message>
        <source>good</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>What is sent names the patient as the image&apos;s file does, so that it is filed under the right study.</source>
        <translation>傳送的內容載明影像檔中的病人資料，以便歸入正確的檢查。</translation>
    </message>
    <message>
        <source>Names are masked (View menu), so nothing that names a patient is sent. Show names to send.</source>
        <translation>姓名已遮蔽（檢視選單），因此不傳送任何載明病人的內容。請先顯示姓名再傳送。</translation>
    </message>
    <message>
        <source>Nothing here is scored: only your marks and your judgement can be sent.</source>
        <translation>此處沒有已評分的影像：只能傳送您的標記與判斷。</translation>
    </message>
    <message>
        <source>Send results</source>
        <translation>傳送結果</translation>
    </message>
    <message>
        <source>{count} studies</source>
        <translation>{count} 筆檢查</translation>
    </message>
    <message>
        <source>Where the results go; the settings of the network list them.</source>
        <translation>結果傳送的目的地；列於網路設定中。</translation>
    </message>
    <message>
        <source>To</source>
        <translation>傳送至</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>傳送</translation>
    </message>
    <message>
        <source>Choose what shall be sent.</source>
        <translation>請選擇要傳送的內容。</translation>
    </message>
    <message>
        <source>none</source>
        <translation>無</translation>
    </message>
    <message>
        <source>Choose: {what}</source>
        <translation>選擇：{what}</translation>
    </message>
    <message>
        <source>PEM file; what this end shows. Leave it empty where none is asked for.</source>
        <translation>PEM 檔；本機出示的憑證。對方不要求時請留空。</translation>
    </message>
    <message>
        <source>Certificates to trust</source>
        <translation>信任的憑證</translation>
    </message>
    <message>
        <source>Own certificate</source>
        <translation>本機憑證</translation>
    </message>
    <message>
        <source>Key of the own certificate</source>
        <translation>本機憑證的金鑰</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>網路</translation>
    </message>
    <message>
        <source>Nothing is asked of, fetched from or sent to a system that is not in this list, and nothing listens until you say so. Passwords are kept in the key ring of this computer.</source>
        <translation>不會向清單以外的系統查詢、擷取或傳送任何資料；在您啟用之前，本程式不接受任何連線。密碼保存於本機的金鑰圈。</translation>
    </message>
    <message>
        <source>Other systems</source>
        <translation>其他系統</translation>
    </message>
    <message>
        <source>AE title</source>
        <translation>AE title</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>位址</translation>
    </message>
    <message>
        <source>Used for</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>新增…</translation>
    </message>
    <message>
        <source>One more system.</source>
        <translation>再新增一個系統。</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>變更…</translation>
    </message>
    <message>
        <source>The chosen system.</source>
        <translation>所選的系統。</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>The chosen system, with what happens with it by itself.</source>
        <translation>所選的系統，連同其自動執行的項目。</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>測試</translation>
    </message>
    <message>
        <source>Ask the chosen system whether it hears this program.</source>
        <translation>測試所選的系統能否與本程式連線。</translation>
    </message>
    <message>
        <source>Whether this program listens, where, and who may connect.</source>
        <translation>本程式是否接受連線、於何處接受，以及誰可以連線。</translation>
    </message>
    <message>
        <source>This program as a node</source>
        <translation>本程式作為節點</translation>
    </message>
    <message>
        <source>Remove {system}?</source>
        <translation>移除 {system}？</translation>
    </message>
    <message>
        <source>Nothing is fetched from it or sent to it any more. What waits to be sent to it stays in the outbox.</source>
        <translation>不再自該系統擷取，也不再傳送至該系統。等候傳送至該系統的內容仍保留在傳送匣。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Listen: other systems may send studies here</source>
        <translation>接受連線：其他系統可將檢查傳送至此</translation>
    </message>
    <message>
        <source>What other systems call this program; 16 letters at most.</source>
        <translation>其他系統對本程式的稱呼；最多 16 個字元。</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>連接埠</translation>
    </message>
    <message>
        <source>From 1024 on where the program has no special rights; often 11112.</source>
        <translation>本程式沒有特殊權限時須為 1024 以上；常用 11112。</translation>
    </message>
    <message>
        <source>Reached from</source>
        <translation>可連線來源</translation>
    </message>
    <message>
        <source>From where other systems can connect.</source>
        <translation>其他系統可自何處連線。</translation>
    </message>
    <message>
        <source>This machine only</source>
        <translation>僅限本機</translation>
    </message>
    <message>
        <source>All addresses of this machine</source>
        <translation>本機的所有位址</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>One more system that may connect.</source>
        <translation>再新增一個可以連線的系統。</translation>
    </message>
    <message>
        <source>The chosen system may no longer connect.</source>
        <translation>所選的系統不得再連線。</translation>
    </message>
    <message>
        <source>PEM file of the authority whose certificates are let in.</source>
        <translation>簽發允許連線之憑證的憑證機構 PEM 檔。</translation>
    </message>
    <message>
        <source>Every system that connects must show a certificate.</source>
        <translation>每個連線的系統都必須出示憑證。</translation>
    </message>
    <message>
        <source>Encrypted (TLS), with certificates of those who connect</source>
        <translation>加密（TLS），並要求連線者出示憑證</translation>
    </message>
    <message>
        <source>Answer Storage Commitment</source>
        <translation>回應 Storage Commitment</translation>
    </message>
    <message>
        <source>Says to a system that asks which of its objects lie here on disk.</source>
        <translation>對方詢問時，回覆其物件中有哪些已存入本機磁碟。</translation>
    </message>
    <message>
        <source>Who may connect; nobody else can.</source>
        <translation>可以連線者；其他一律不得連線。</translation>
    </message>
    <message>
        <source>IP address or network</source>
        <translation>IP 位址或網段</translation>
    </message>
    <message>
        <source>Who may connect</source>
        <translation>可以連線者</translation>
    </message>
    <message>
        <source>To listen, it needs an AE title and a port.</source>
        <translation>要接受連線，須有 AE title 與連接埠。</translation>
    </message>
    <message>
        <source>On the same connection (C-GET)</source>
        <translation>經由同一連線（C-GET）</translation>
    </message>
    <message>
        <source>Sent to the node here (C-MOVE)</source>
        <translation>傳送至本機節點（C-MOVE）</translation>
    </message>
    <message>
        <source>Type the password again: it is kept under the system&apos;s name and user.</source>
        <translation>請重新輸入密碼：密碼依系統名稱與使用者保存。</translation>
    </message>
    <message>
        <source>Change a system</source>
        <translation>變更系統</translation>
    </message>
    <message>
        <source>Add a system</source>
        <translation>新增系統</translation>
    </message>
    <message>
        <source>What you call it, such as PACS.</source>
        <translation>您對它的稱呼，例如 PACS。</translation>
    </message>
    <message>
        <source>DICOMweb</source>
        <translation>DICOMweb</translation>
    </message>
    <message>
        <source>By itself</source>
        <translation>自動執行</translation>
    </message>
    <message>
        <source>What the system calls itself in DICOM; 16 letters at most.</source>
        <translation>該系統在 DICOM 中的名稱；最多 16 個字元。</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主機</translation>
    </message>
    <message>
        <source>Name or address of its machine, such as 10.0.0.5.</source>
        <translation>主機名稱或位址，例如 10.0.0.5。</translation>
    </message>
    <message>
        <source>Of its DICOM services; often 104 or 11112.</source>
        <translation>其 DICOM 服務的連接埠；常用 104 或 11112。</translation>
    </message>
    <message>
        <source>Studies come</source>
        <translation>擷取方式</translation>
    </message>
    <message>
        <source>How studies are fetched over DICOM.</source>
        <translation>經由 DICOM 擷取檢查的方式。</translation>
    </message>
    <message>
        <source>PEM file; leave it empty for what this computer trusts.</source>
        <translation>PEM 檔；留空則採用本機信任的憑證。</translation>
    </message>
    <message>
        <source>Encrypted (TLS)</source>
        <translation>加密（TLS）</translation>
    </message>
    <message>
        <source>The system asks for TLS.</source>
        <translation>該系統要求使用 TLS。</translation>
    </message>
    <message>
        <source>Where the system has DICOMweb services, they are used before DICOM.</source>
        <translation>系統若提供 DICOMweb 服務，優先於 DICOM 使用。</translation>
    </message>
    <message>
        <source>User</source>
        <translation>使用者</translation>
    </message>
    <message>
        <source>Leave it empty where none is asked for.</source>
        <translation>對方不要求時請留空。</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密碼</translation>
    </message>
    <message>
        <source>It goes into the key ring of this computer, not into a file.</source>
        <translation>存入本機的金鑰圈，不寫入檔案。</translation>
    </message>
    <message>
        <source>Query and fetch studies</source>
        <translation>查詢與擷取檢查</translation>
    </message>
    <message>
        <source>Send results of every scored study</source>
        <translation>傳送每筆已評分檢查的結果</translation>
    </message>
    <message>
        <source>Only of studies that are read</source>
        <translation>僅限已判讀的檢查</translation>
    </message>
    <message>
        <source>That you judged or marked read.</source>
        <translation>您已判斷或標為已判讀者。</translation>
    </message>
    <message>
        <source>Fetch today&apos;s studies every</source>
        <translation>擷取今日的檢查，每</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分鐘</translation>
    </message>
    <message>
        <source>Minutes between two questions</source>
        <translation>兩次查詢相隔的分鐘數</translation>
    </message>
    <message>
        <source>Modalities</source>
        <translation>儀器類別</translation>
    </message>
    <message>
        <source>Of which one is in the study, such as CR, DX.</source>
        <translation>檢查須含其中之一，例如 CR, DX。</translation>
    </message>
    <message>
        <source>Fetch earlier studies of the open patient</source>
        <translation>擷取目前病人的先前檢查</translation>
    </message>
    <message>
        <source>From one system only.</source>
        <translation>只能自一個系統擷取。</translation>
    </message>
    <message>
        <source>as it is in the key ring</source>
        <translation>沿用金鑰圈中的密碼</translation>
    </message>
    <message>
        <source>Report (SR)</source>
        <translation>報告（SR）</translation>
    </message>
    <message>
        <source>Picture of the panes (SC)</source>
        <translation>窗格畫面（SC）</translation>
    </message>
    <message>
        <source>Unusual regions (SEG)</source>
        <translation>不尋常區域（SEG）</translation>
    </message>
    <message>
        <source>Window and marks (GSPS)</source>
        <translation>窗值與標記（GSPS）</translation>
    </message>
    <message>
        <source>Key images (KO)</source>
        <translation>關鍵影像（KO）</translation>
    </message>
    <message>
        <source>No system is set up yet. Name your PACS once, with its address, and this program can ask it for studies.</source>
        <translation>尚未設定任何系統。請先設定 PACS 的名稱與位址，本程式即可向其查詢檢查。</translation>
    </message>
    <message>
        <source>No system is set up that results can be sent to.</source>
        <translation>尚未設定可接收結果的系統。</translation>
    </message>
    <message>
        <source>Give the system a name of at most 40 letters.</source>
        <translation>請為系統命名，最多 40 個字元。</translation>
    </message>
    <message>
        <source>The name or address of the machine is too long.</source>
        <translation>主機名稱或位址過長。</translation>
    </message>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>連接埠為 1 至 65535 的數字。</translation>
    </message>
    <message>
        <source>The address of DICOMweb services begins with http:// or https:// and has no spaces.</source>
        <translation>DICOMweb 服務的位址須以 http:// 或 https:// 開頭，且不含空格。</translation>
    </message>
    <message>
        <source>The user&apos;s name is too long.</source>
        <translation>使用者名稱過長。</translation>
    </message>
    <message>
        <source>Give an AE title.</source>
        <translation>請輸入 AE title。</translation>
    </message>
    <message>
        <source>A part of the body has at most 16 letters.</source>
        <translation>檢查部位最多 16 個字元。</translation>
    </message>
    <message>
        <source>An AE title has at most 16 letters, digits or signs, and no backslash.</source>
        <translation>AE title 最多 16 個字母、數字或符號，且不含反斜線。</translation>
    </message>
    <message>
        <source>Name an IP address, such as 10.0.0.5, or a network, such as 10.0.0.0/24.</source>
        <translation>請輸入 IP 位址，例如 10.0.0.5，或網段，例如 10.0.0.0/24。</translation>
    </message>
    <message>
        <source>Give an AE title, a host and a port, or the address of its DICOMweb services.</source>
        <translation>請輸入 AE title、主機與連接埠，或其 DICOMweb 服務的位址。</translation>
    </message>
    <message>
        <source>Two systems have the same name.</source>
        <translation>有兩個系統同名。</translation>
    </message>
    <message>
        <source>A rule names a system that is not in the table.</source>
        <translation>有規則指向表中不存在的系統。</translation>
    </message>
    <message>
        <source>query</source>
        <translation>查詢</translation>
    </message>
    <message>
        <source>send</source>
        <translation>傳送</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>無</translation>
    </message>
    <message>
        <source>{kinds} of every read study go there.</source>
        <translation>每筆已判讀檢查的 {kinds} 會傳送至此。</translation>
    </message>
    <message>
        <source>{kinds} of every scored study go there.</source>
        <translation>每筆已評分檢查的 {kinds} 會傳送至此。</translation>
    </message>
    <message>
        <source>Today&apos;s studies are fetched every minute.</source>
        <translation>每分鐘擷取今日的檢查。</translation>
    </message>
    <message>
        <source>Today&apos;s studies are fetched every {minutes} minutes.</source>
        <translation>每 {minutes} 分鐘擷取今日的檢查。</translation>
    </message>
    <message>
        <source>Earlier studies of the open patient are fetched.</source>
        <translation>擷取目前病人的先前檢查。</translation>
    </message>
    <message>
        <source>To other systems this program is {title} (its AE title); a PACS may have to be told.</source>
        <translation>其他系統以 {title}（AE title）識別本程式；PACS 端可能須先登錄。</translation>
    </message>
    <message>
        <source>Off: nothing listens, and no other system can connect.</source>
        <translation>關閉：不接受連線，其他系統無法連線。</translation>
    </message>
    <message>
        <source>on this machine only</source>
        <translation>僅限本機</translation>
    </message>
    <message>
        <source>on all addresses of this machine</source>
        <translation>本機的所有位址</translation>
    </message>
    <message>
        <source>{title} is set up to listen on port {port}, {place}.</source>
        <translation>{title} 已設定在連接埠 {port} 接受連線（{place}）。</translation>
    </message>
    <message>
        <source>{title} is about to listen on port {port}, {place}.</source>
        <translation>{title} 即將在連接埠 {port} 接受連線（{place}）。</translation>
    </message>
    <message>
        <source>{title} listens on port {port}, {place}.</source>
        <translation>{title} 正在連接埠 {port} 接受連線（{place}）。</translation>
    </message>
    <message>
        <source>{title} does not listen on port {port}.</source>
        <translation>{title} 未在連接埠 {port} 接受連線。</translation>
    </message>
    <message>
        <source>Nobody may connect yet: no system is on the list of those who may.</source>
        <translation>目前無人可以連線：允許連線的清單中沒有任何系統。</translation>
    </message>
    <message>
        <source>{received} objects came in, {refused} were refused.</source>
        <translation>已接收 {received} 個物件，拒絕 {refused} 個。</translation>
    </message>
    <message>
        <source>here already</source>
        <translation>已在本機</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>等候中</translation>
    </message>
    <message>
        <source>1 file here</source>
        <translation>已取得 1 檔</translation>
    </message>
    <message>
        <source>{count} files here</source>
        <translation>已取得 {count} 檔</translation>
    </message>
    <message>
        <source>fetched</source>
        <translation>已擷取</translation>
    </message>
    <message>
        <source>not whole</source>
        <translation>不完整</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Fetching study {number} of {total}…</source>
        <translation>正在擷取第 {number} 筆檢查，共 {total} 筆…</translation>
    </message>
    <message>
        <source>1 study was fetched; it comes into the worklist by itself.</source>
        <translation>已擷取 1 筆檢查；會自動進入工作清單。</translation>
    </message>
    <message>
        <source>{count} studies were fetched; they come into the worklist by themselves.</source>
        <translation>已擷取 {count} 筆檢查；會自動進入工作清單。</translation>
    </message>
    <message>
        <source>Stopped: 1 study is not here. To fetch it again goes on where it stopped.</source>
        <translation>已停止：1 筆檢查尚未取得。再次擷取會從中斷處繼續。</translation>
    </message>
    <message>
        <source>Stopped: {count} studies are not here. To fetch them again goes on where it stopped.</source>
        <translation>已停止：{count} 筆檢查尚未取得。再次擷取會從中斷處繼續。</translation>
    </message>
    <message>
        <source>{count} of {total} studies did not come whole.</source>
        <translation>{total} 筆檢查中有 {count} 筆未完整取得。</translation>
    </message>
    <message>
        <source>not by itself</source>
        <translation>不自動重試</translation>
    </message>
    <message>
        <source>now</source>
        <translation>現在</translation>
    </message>
    <message>
        <source>in 1 minute</source>
        <translation>1 分鐘後</translation>
    </message>
    <message>
        <source>in {count} minutes</source>
        <translation>{count} 分鐘後</translation>
    </message>
    <message>
        <source>in less than a minute</source>
        <translation>不到 1 分鐘後</translation>
    </message>
    <message>
        <source>1 image is being written.</source>
        <translation>正在寫入 1 張影像的結果。</translation>
    </message>
    <message>
        <source>{count} images are being written.</source>
        <translation>正在寫入 {count} 張影像的結果。</translation>
    </message>
    <message>
        <source>1 object waits to be sent.</source>
        <translation>1 個物件等候傳送。</translation>
    </message>
    <message>
        <source>{count} objects wait to be sent.</source>
        <translation>{count} 個物件等候傳送。</translation>
    </message>
    <message>
        <source>1 object is being sent.</source>
        <translation>正在傳送 1 個物件。</translation>
    </message>
    <message>
        <source>{count} objects are being sent.</source>
        <translation>正在傳送 {count} 個物件。</translation>
    </message>
    <message>
        <source>1 object was not taken; it is not tried again unless you say so.</source>
        <translation>1 個物件未被接收；除非您要求，否則不再重試。</translation>
    </message>
    <message>
        <source>{count} objects were not taken; they are not tried again unless you say so.</source>
        <translation>{count} 個物件未被接收；除非您要求，否則不再重試。</translation>
    </message>
    <message>
        <source>Nothing waits to be sent.</source>
        <translation>沒有等候傳送的內容。</translation>
    </message>
    <message>
        <source>1 object was sent.</source>
        <translation>已傳送 1 個物件。</translation>
    </message>
    <message>
        <source>{count} objects were sent.</source>
        <translation>已傳送 {count} 個物件。</translation>
    </message>
    <message>
        <source>Network settings</source>
        <translation>網路設定</translation>
    </message>
    <message>
        <source>Node is down</source>
        <translation>節點未運作</translation>
    </message>
    <message>
        <source>Fetching {number} of {total}</source>
        <translation>擷取中 {number}/{total}</translation>
    </message>
    <message>
        <source>Sending {count}</source>
        <translation>傳送中 {count}</translation>
    </message>
    <message>
        <source>{count} not sent</source>
        <translation>{count} 個未傳送</translation>
    </message>
    <message>
        <source>{count} to be sent</source>
        <translation>{count} 個待傳送</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>接受連線中</translation>
    </message>
    <message>
        <source>Node starts</source>
        <translation>節點啟動中</translation>
    </message>
    <message>
        <source>Software inside</source>
        <translation>內含軟體</translation>
    </message>
    <message>
        <source>Reading what is installed…</source>
        <translation>正在讀取已安裝的軟體…</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>授權</translation>
    </message>
    <message>
        <source>Text of the licence</source>
        <translation>授權條款全文</translation>
    </message>
    <message>
        <source>What is installed cannot be read. The file NOTICE of the program lists it.</source>
        <translation>無法讀取已安裝的軟體清單；請參閱程式資料夾中的 NOTICE 檔案。</translation>
    </message>
    <message>
        <source>{count} parts. Choose one to read its licence. Qt is used under the LGPL, version 3.</source>
        <translation>共 {count} 項。選取一項即可閱讀其授權條款。Qt 依 LGPL 第 3 版授權使用。</translation>
    </message>
    <message>
        <source>Forget everything</source>
        <translation>清除所有資料</translation>
    </message>
    <message>
        <source>This removes what SQUID Viewer keeps in its own folder on this computer. Your images and exports in other places are not touched.</source>
        <translation>這會移除 SQUID Viewer 保存在本機專屬資料夾中的資料。您存放於其他位置的影像與匯出檔案不受影響。</translation>
    </message>
    <message>
        <source>Files are removed, not written over: on a solid-state disk that would erase nothing. Encrypt the disk against whoever may take it out.</source>
        <translation>檔案只會刪除，不會覆寫：覆寫無法抹除固態硬碟上的資料。請將磁碟加密，以防磁碟遭人取走。</translation>
    </message>
    <message>
        <source>Patient data and the audit trail</source>
        <translation>病人資料與稽核紀錄</translation>
    </message>
    <message>
        <source>Settings, passwords and learned weights as well</source>
        <translation>連同設定、密碼與學得的權重</translation>
    </message>
    <message>
        <source>Asks once more, then removes it and ends the program.</source>
        <translation>再次確認後移除資料並結束程式。</translation>
    </message>
    <message>
        <source>Forget everything…</source>
        <translation>清除所有資料…</translation>
    </message>
    <message>
        <source>{count} of the results in the outbox are not sent yet, and never will be.</source>
        <translation>傳送匣中有 {count} 筆結果尚未傳送，之後也不會再傳送。</translation>
    </message>
    <message>
        <source>Forget the study and all that was found and said of it?</source>
        <translation>要清除該檢查及其所有結果與判斷嗎？</translation>
    </message>
    <message>
        <source>Forget {count} studies and all that was found and said of them?</source>
        <translation>要清除 {count} 筆檢查及其所有結果與判斷嗎？</translation>
    </message>
    <message>
        <source>This cannot be undone. SQUID Viewer ends afterwards.</source>
        <translation>此動作無法復原。完成後 SQUID Viewer 將結束。</translation>
    </message>
    <message>
        <source>Removing…</source>
        <translation>正在移除…</translation>
    </message>
    <message>
        <source>What was removed</source>
        <translation>已移除的項目</translation>
    </message>
    <message>
        <source>Not everything could be removed. Start the program once more to have it finished.</source>
        <translation>部分資料無法移除。請再次啟動程式以完成移除。</translation>
    </message>
    <message>
        <source>Removed. What SQUID Viewer kept before is gone.</source>
        <translation>已移除。SQUID Viewer 先前保存的資料已不存在。</translation>
    </message>
    <message>
        <source>Removed, but for what is named below.</source>
        <translation>已移除，但下列項目除外。</translation>
    </message>
    <message>
        <source>Other files in its folder, which the program has not put there, stay: {count}.</source>
        <translation>資料夾中非本程式建立的其他檔案予以保留：{count} 個。</translation>
    </message>
    <message>
        <source>It goes on with an empty worklist.</source>
        <translation>程式將以空白的工作清單繼續執行。</translation>
    </message>
    <message>
        <source>The program ends now.</source>
        <translation>程式即將結束。</translation>
    </message>
    <message>
        <source>What could not be removed ({count}):</source>
        <translation>無法移除的項目（{count}）：</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>數量</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>使用指南</translation>
    </message>
    <message>
        <source>Back (Alt+Left)</source>
        <translation>返回（Alt+Left）</translation>
    </message>
    <message>
        <source>Forward (Alt+Right)</source>
        <translation>前進（Alt+Right）</translation>
    </message>
    <message>
        <source>Find in the guide</source>
        <translation>在指南中尋找</translation>
    </message>
    <message>
        <source>Enter goes to the next place, Shift+Enter back.</source>
        <translation>Enter 前往下一處，Shift+Enter 返回上一處。</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>目錄</translation>
    </message>
    <message>
        <source>Where the link leads</source>
        <translation>連結所指之處</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>複製網址</translation>
    </message>
    <message>
        <source>The documents of the program cannot be read.</source>
        <translation>無法讀取程式的文件。</translation>
    </message>
    <message>
        <source>This leads out of the guide, and the program follows it nowhere: {address}</source>
        <translation>此連結通往指南之外，程式不會前往：{address}</translation>
    </message>
    <message>
        <source>{count} on this page</source>
        <translation>本頁 {count} 處</translation>
    </message>
    <message>
        <source>On other pages: press Enter</source>
        <translation>在其他頁：請按 Enter</translation>
    </message>
    <message>
        <source>Not in the guide</source>
        <translation>指南中沒有</translation>
    </message>
    <message>
        <source>Set by your administrator.</source>
        <translation>由您的系統管理員設定。</translation>
    </message>
    <message>
        <source>With them go their results, your marks and judgements, and what came of them over the network. Files in your own folders stay, and so does the audit trail. This cannot be undone.</source>
        <translation>其結果、您的標記與判斷，以及經由網路收到的影像將一併移除。您自己資料夾中的檔案與稽核紀錄均保留。此動作無法復原。</translation>
    </message>
    <message>
        <source>Keep studies</source>
        <translation>保留檢查</translation>
    </message>
    <message>
        <source>1 study came more than {days} days ago. It is removed now.</source>
        <translation>有 1 筆檢查已超過 {days} 天，現在將予移除。</translation>
    </message>
    <message>
        <source>{count} studies came more than {days} days ago. They are removed now.</source>
        <translation>有 {count} 筆檢查已超過 {days} 天，現在將予移除。</translation>
    </message>
    <message>
        <source>Remove now</source>
        <translation>立即移除</translation>
    </message>
    <message>
        <source>{days} days</source>
        <translation>{days} 天</translation>
    </message>
</context>
<context>
    <name>core</name>
    <message>
        <source>1 image</source>
        <translation>1 張影像</translation>
    </message>
    <message>
        <source>A DICOM file that holds {what}; there is no image to read.</source>
        <translation>此 DICOM 檔案內含{what}，沒有可讀取的影像。</translation>
    </message>
    <message>
        <source>A DICOM file with a map of numbers, not a radiograph.</source>
        <translation>此 DICOM 檔案內含數值圖，不是X光影像。</translation>
    </message>
    <message>
        <source>A DICOM file without an image.</source>
        <translation>不含影像的 DICOM 檔案。</translation>
    </message>
    <message>
        <source>A DICOMDIR that names itself as an image.</source>
        <translation>此 DICOMDIR 將自身列為影像。</translation>
    </message>
    <message>
        <source>A DICOMDIR, the index of {images} images; they are listed by themselves.</source>
        <translation>DICOMDIR，為 {images} 張影像的索引；各影像已分別列出。</translation>
    </message>
    <message>
        <source>A damaged zip archive.</source>
        <translation>損壞的 zip 壓縮檔。</translation>
    </message>
    <message>
        <source>A device, not a file; it is never opened.</source>
        <translation>這是裝置而非檔案，絕不開啟。</translation>
    </message>
    <message>
        <source>A link to another place; links are not followed.</source>
        <translation>指向他處的連結；連結不予追蹤。</translation>
    </message>
    <message>
        <source>A pipe, not a file; it is never opened.</source>
        <translation>這是管線而非檔案，絕不開啟。</translation>
    </message>
    <message>
        <source>A socket, not a file; it is never opened.</source>
        <translation>這是通訊端而非檔案，絕不開啟。</translation>
    </message>
    <message>
        <source>A stored result is damaged.</source>
        <translation>一筆已儲存的結果已損壞。</translation>
    </message>
    <message>
        <source>A weights folder has {card_name} beside {weights_name}.</source>
        <translation>權重資料夾中應有 {card_name} 與 {weights_name}。</translation>
    </message>
    <message>
        <source>A zip archive of more than {max_archive_entries} entries; it is not opened.</source>
        <translation>zip 壓縮檔超過 {max_archive_entries} 個項目，不予開啟。</translation>
    </message>
    <message>
        <source>All patches share one memory, so there is nothing to exchange between them.</source>
        <translation>所有區塊共用同一記憶，彼此間無可交換。</translation>
    </message>
    <message>
        <source>Ask for it to be sent again.</source>
        <translation>請要求重新傳送。</translation>
    </message>
    <message>
        <source>At least two held-out normals with finite scores.</source>
        <translation>至少需要兩張分數有限的保留正常影像。</translation>
    </message>
    <message>
        <source>Caution: the file also passes for {describe}; nothing in it was run.</source>
        <translation>注意：此檔案也可被視為{describe}；其中內容未被執行。</translation>
    </message>
    <message>
        <source>Check its name and that you may read it.</source>
        <translation>請確認名稱以及您有讀取權限。</translation>
    </message>
    <message>
        <source>Check that the disk is not full and the program&apos;s folder can be written.</source>
        <translation>請確認磁碟未滿，且程式資料夾可寫入。</translation>
    </message>
    <message>
        <source>Choose a patch of the grid.</source>
        <translation>請選擇格線中的區塊。</translation>
    </message>
    <message>
        <source>Choose a smaller top-k.</source>
        <translation>請選擇較小的 top-k。</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>請選擇其他位置。</translation>
    </message>
    <message>
        <source>Choose another weights folder.</source>
        <translation>請選擇其他權重資料夾。</translation>
    </message>
    <message>
        <source>Choose one of the grid.</source>
        <translation>請選擇格線中的一個。</translation>
    </message>
    <message>
        <source>Choose weights by name or folder.</source>
        <translation>請依名稱或資料夾選擇權重。</translation>
    </message>
    <message>
        <source>Copy the whole medium.</source>
        <translation>請複製整份媒體。</translation>
    </message>
    <message>
        <source>Could not be scored.</source>
        <translation>無法評分。</translation>
    </message>
    <message>
        <source>Delete {sources_name} from the weights&apos; folder: they work without it.</source>
        <translation>請自權重資料夾刪除 {sources_name}：沒有它權重仍可使用。</translation>
    </message>
    <message>
        <source>Fetch the bundle again.</source>
        <translation>請重新取得權重套件。</translation>
    </message>
    <message>
        <source>Free some space or choose another folder; what was there before is untouched.</source>
        <translation>請釋出空間或選擇其他資料夾；原有內容未變動。</translation>
    </message>
    <message>
        <source>Images whose frames share a byte are not read.</source>
        <translation>影格共用位元組的影像不予讀取。</translation>
    </message>
    <message>
        <source>Installed: {names}; or give a folder that holds {card_name}.</source>
        <translation>已安裝：{names}；或指定含有 {card_name} 的資料夾。</translation>
    </message>
    <message>
        <source>Is this a frontal chest X-ray?</source>
        <translation>這是正面胸部X光嗎？</translation>
    </message>
    <message>
        <source>It is a lateral view; SQUID knows frontal chest X-rays.</source>
        <translation>這是側面像；SQUID 只認識正面胸部X光。</translation>
    </message>
    <message>
        <source>It is a run of {frames} images, not a single radiograph.</source>
        <translation>這是連續 {frames} 張影像，不是單張X光影像。</translation>
    </message>
    <message>
        <source>It is an oblique view; SQUID knows frontal chest X-rays.</source>
        <translation>這是斜位像；SQUID 只認識正面胸部X光。</translation>
    </message>
    <message>
        <source>It is flat: all its pixels are alike.</source>
        <translation>影像無內容：所有像素皆相同。</translation>
    </message>
    <message>
        <source>It is in colour; a radiograph is not.</source>
        <translation>這是彩色影像；X光影像不是彩色的。</translation>
    </message>
    <message>
        <source>It is not a radiograph.</source>
        <translation>這不是X光影像。</translation>
    </message>
    <message>
        <source>It is raw data of the detector, not a finished image.</source>
        <translation>這是影像接收器的原始資料，不是處理完成的影像。</translation>
    </message>
    <message>
        <source>It is too small: {columns} by {rows} pixels, and at least {min_side} are needed.</source>
        <translation>影像過小：{columns} × {rows} 像素，至少需要 {min_side}。</translation>
    </message>
    <message>
        <source>It is {modality_names}, not a radiograph.</source>
        <translation>這是{modality_names}，不是X光影像。</translation>
    </message>
    <message>
        <source>It shows another part of the body{quoted}; SQUID knows frontal chest X-rays.</source>
        <translation>影像顯示身體其他部位{quoted}；SQUID 只認識正面胸部X光。</translation>
    </message>
    <message>
        <source>It was taken in an unusual position.</source>
        <translation>拍攝姿勢不尋常。</translation>
    </message>
    <message>
        <source>Its rescale maps all grey values to one, so they mean nothing.</source>
        <translation>其重新縮放將所有灰階值對應為同一值，因此沒有意義。</translation>
    </message>
    <message>
        <source>Its shape is unusual for a chest X-ray.</source>
        <translation>影像形狀不像一般胸部X光。</translation>
    </message>
    <message>
        <source>No memory entry is left for the patch in row {row}, column {column}.</source>
        <translation>第 {row} 列第 {column} 行的區塊已沒有記憶條目。</translation>
    </message>
    <message>
        <source>No ordinary image does.</source>
        <translation>一般影像不會如此。</translation>
    </message>
    <message>
        <source>No ordinary image is.</source>
        <translation>一般影像不會如此。</translation>
    </message>
    <message>
        <source>No {wanted} weights are installed.</source>
        <translation>未安裝 {wanted} 權重。</translation>
    </message>
    <message>
        <source>Not a DICOM file: {describe}.</source>
        <translation>不是 DICOM 檔案：{describe}。</translation>
    </message>
    <message>
        <source>Not a regular file; it is not read.</source>
        <translation>不是一般檔案，不予讀取。</translation>
    </message>
    <message>
        <source>Not scored.</source>
        <translation>未評分。</translation>
    </message>
    <message>
        <source>Nothing in the file says that it is a radiograph.</source>
        <translation>檔案中沒有任何資訊說明這是X光影像。</translation>
    </message>
    <message>
        <source>Nothing is lost; the image is tried once more.</source>
        <translation>資料未遺失；該影像會再試一次。</translation>
    </message>
    <message>
        <source>One of the file&apos;s windows makes no sense and is left out.</source>
        <translation>檔案中有一組窗值不合理，已略過。</translation>
    </message>
    <message>
        <source>Open the study again.</source>
        <translation>請重新開啟檢查。</translation>
    </message>
    <message>
        <source>Put at least one back.</source>
        <translation>請至少放回一個。</translation>
    </message>
    <message>
        <source>Reading the image</source>
        <translation>正在讀取影像</translation>
    </message>
    <message>
        <source>Reading this file brought its reader down twice; it may be damaged.</source>
        <translation>讀取此檔案兩度使讀取程序中止；檔案可能已損壞。</translation>
    </message>
    <message>
        <source>Reading this file needs more memory than is allowed; it may be damaged.</source>
        <translation>讀取此檔案所需的記憶體超過上限；檔案可能已損壞。</translation>
    </message>
    <message>
        <source>Reading this file took too long; it may be damaged.</source>
        <translation>讀取此檔案耗時過久；檔案可能已損壞。</translation>
    </message>
    <message>
        <source>Reading was stopped.</source>
        <translation>讀取已停止。</translation>
    </message>
    <message>
        <source>Research use only. Not a medical device.</source>
        <translation>僅供研究使用，非醫療器材。</translation>
    </message>
    <message>
        <source>Scored with the {name} weights: {reason}.</source>
        <translation>以 {name} 權重評分：{reason}。</translation>
    </message>
    <message>
        <source>Something in the program failed.</source>
        <translation>程式發生錯誤。</translation>
    </message>
    <message>
        <source>The JPEG 2000 picture has channels of unequal depth.</source>
        <translation>JPEG 2000 影像各通道的位元深度不一致。</translation>
    </message>
    <message>
        <source>The JPEG 2000 picture has channels of unequal size.</source>
        <translation>JPEG 2000 影像各通道的大小不一致。</translation>
    </message>
    <message>
        <source>The JPEG 2000 picture is damaged.</source>
        <translation>JPEG 2000 影像已損壞。</translation>
    </message>
    <message>
        <source>The body part says {spelled}.</source>
        <translation>檢查部位標示為{spelled}。</translation>
    </message>
    <message>
        <source>The bundle has no weights.</source>
        <translation>權重套件中沒有權重。</translation>
    </message>
    <message>
        <source>The bundle&apos;s folder cannot be made.</source>
        <translation>無法建立權重套件的資料夾。</translation>
    </message>
    <message>
        <source>The compressed picture has another size than its header says.</source>
        <translation>壓縮影像的大小與標頭不符。</translation>
    </message>
    <message>
        <source>The compressed picture has more bits than its header allots.</source>
        <translation>壓縮影像的位元數超過標頭所配置。</translation>
    </message>
    <message>
        <source>The compressed picture has other colour channels than its header says.</source>
        <translation>壓縮影像的色彩通道與標頭不符。</translation>
    </message>
    <message>
        <source>The compressed picture is larger than any image needs.</source>
        <translation>壓縮影像大於任何影像所需。</translation>
    </message>
    <message>
        <source>The decoded picture has another size than its header says.</source>
        <translation>解碼後的影像大小與標頭不符。</translation>
    </message>
    <message>
        <source>The deflated file is damaged.</source>
        <translation>壓縮（deflate）檔案已損壞。</translation>
    </message>
    <message>
        <source>The demonstration images are not installed.</source>
        <translation>未安裝示範影像。</translation>
    </message>
    <message>
        <source>The detector failed twice on this image, so it is left out.</source>
        <translation>偵測模型在此影像上失敗兩次，因此略過。</translation>
    </message>
    <message>
        <source>The detector was stopped.</source>
        <translation>偵測模型已停止。</translation>
    </message>
    <message>
        <source>The detector&apos;s answer is not a number.</source>
        <translation>偵測模型的結果不是數值。</translation>
    </message>
    <message>
        <source>The detector&apos;s process ended and was started again.</source>
        <translation>偵測模型的程序已結束，並已重新啟動。</translation>
    </message>
    <message>
        <source>The file calls it frontal, but its orientation is that of a lateral view.</source>
        <translation>檔案標示為正面像，但其方向屬於側面像。</translation>
    </message>
    <message>
        <source>The file contradicts itself on what is bright and what is dark.</source>
        <translation>檔案對於亮與暗的定義自相矛盾。</translation>
    </message>
    <message>
        <source>The file could not be read.</source>
        <translation>無法讀取檔案。</translation>
    </message>
    <message>
        <source>The file&apos;s VOI table is damaged and is not applied.</source>
        <translation>檔案的 VOI 對照表已損壞，未予套用。</translation>
    </message>
    <message>
        <source>The file&apos;s VOI table shows high values dark; the detector takes them as bright.</source>
        <translation>檔案的 VOI 對照表將高值顯示為暗；偵測模型則視高值為亮。</translation>
    </message>
    <message>
        <source>The file does not say where its millimetres come from; lengths are shown in pixels.</source>
        <translation>檔案未說明公釐數值的來源；長度以像素表示。</translation>
    </message>
    <message>
        <source>95 of 100 less than</source>
        <translation>100 張中有 95 張小於</translation>
    </message>
    <message>
        <source>A DICOMDIR; the files of its archive are listed by themselves.</source>
        <translation>DICOMDIR；其壓縮檔中的檔案已分別列出。</translation>
    </message>
    <message>
        <source>A copy of an image that is in the worklist already.</source>
        <translation>工作清單中已有影像的副本。</translation>
    </message>
    <message>
        <source>A copy of the file; the original is never changed.</source>
        <translation>檔案的副本；原始檔絕不變更。</translation>
    </message>
    <message>
        <source>A file has changed while it was exported.</source>
        <translation>檔案在匯出期間有變更。</translation>
    </message>
    <message>
        <source>A folder with images is back; the work goes on.</source>
        <translation>含有影像的資料夾已恢復，繼續處理。</translation>
    </message>
    <message>
        <source>A new one was begun; open your folders again.</source>
        <translation>已建立新的工作清單；請重新開啟您的資料夾。</translation>
    </message>
    <message>
        <source>A picture that is damaged from its beginning.</source>
        <translation>圖片從開頭就已損壞。</translation>
    </message>
    <message>
        <source>A power of the greys brings its middle to one brightness, so the file&apos;s gamma does not matter.</source>
        <translation>以灰階的乘冪將中央調至同一亮度，因此檔案的伽瑪值無關緊要。</translation>
    </message>
    <message>
        <source>A zip archive inside a zip archive; it is not opened.</source>
        <translation>zip 壓縮檔中的 zip 壓縮檔；不予開啟。</translation>
    </message>
    <message>
        <source>AUC (95% interval)</source>
        <translation>AUC（95% 區間）</translation>
    </message>
    <message>
        <source>Adapt &apos;{parent}&apos; instead, from which they were made, with all the normal images you have.</source>
        <translation>請改以其來源「{parent}」搭配您所有的正常影像進行調適。</translation>
    </message>
    <message>
        <source>Adapted to one place by {count} of its normal images: good there, and not tested elsewhere. What was measured of &apos;{name}&apos; was not measured of these weights.</source>
        <translation>以某處的 {count} 張正常影像調適：適用於該處，未於他處測試。「{name}」的測量結果並非這組權重的測量結果。</translation>
    </message>
    <message>
        <source>An empty zip archive.</source>
        <translation>空的 zip 壓縮檔。</translation>
    </message>
    <message>
        <source>An image has changed since it was read, or another one lies in its place; nothing was written of it.</source>
        <translation>影像在讀取後有變更，或該位置現為另一張影像；未寫出其任何內容。</translation>
    </message>
    <message>
        <source>An image has changed since it was read; nothing was written of it.</source>
        <translation>影像在讀取後有變更；未寫出其任何內容。</translation>
    </message>
    <message>
        <source>An image is no longer in the worklist.</source>
        <translation>有影像已不在工作清單中。</translation>
    </message>
    <message>
        <source>An image without a score has no results that could be written.</source>
        <translation>未評分的影像沒有可寫出的結果。</translation>
    </message>
    <message>
        <source>Another image has come to lie at this place before this one was read.</source>
        <translation>此影像尚未讀取，該位置已變成另一張影像。</translation>
    </message>
    <message>
        <source>Another image lies at this place now.</source>
        <translation>此位置現在是另一張影像。</translation>
    </message>
    <message>
        <source>Ask for it again.</source>
        <translation>請再次要求。</translation>
    </message>
    <message>
        <source>At a glance</source>
        <translation>一覽</translation>
    </message>
    <message>
        <source>At least {fewest} normal images are needed, each of another patient.</source>
        <translation>至少需要 {fewest} 張正常影像，各屬不同病人。</translation>
    </message>
    <message>
        <source>At {count} made-up hospitals the AUC is {median} at the median and {worst} at the worst, and {beyond} of normals lie beyond the 95% line at the median, {most} at the worst; {right} would be right.</source>
        <translation>在 {count} 家模擬醫院中，AUC 的中位數為 {median}，最差為 {worst}；超過 95% 線的正常影像中位數為 {beyond}，最差為 {most}；應為 {right}。</translation>
    </message>
    <message>
        <source>Bit depth, rescale and window of the file do not matter.</source>
        <translation>檔案的位元深度、重新縮放與窗值均無影響。</translation>
    </message>
    <message>
        <source>Bring it back before you close the program.</source>
        <translation>關閉程式前請先使其恢復。</translation>
    </message>
    <message>
        <source>Call more studies normal that are so, then try again.</source>
        <translation>請將更多正常的檢查判為正常，再試一次。</translation>
    </message>
    <message>
        <source>Check the disk or its connection.</source>
        <translation>請檢查磁碟或其連線。</translation>
    </message>
    <message>
        <source>Choose other weights, or try again later.</source>
        <translation>請選擇其他權重，或稍後再試。</translation>
    </message>
    <message>
        <source>Cut the text out of the picture first, or confirm that it names nobody.</source>
        <translation>請先去除畫面中的文字，或確認其中未顯示任何人的姓名。</translation>
    </message>
    <message>
        <source>Daily copies, and stores of before</source>
        <translation>每日備份與先前的資料庫</translation>
    </message>
    <message>
        <source>Draw a larger one.</source>
        <translation>請畫大一點。</translation>
    </message>
    <message>
        <source>Each image was scored by weights that were made from others.</source>
        <translation>每張影像皆由不含該影像所學得的權重評分。</translation>
    </message>
    <message>
        <source>Entries of each memory that are theirs</source>
        <translation>每個記憶中屬於這些影像的條目</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>訓練週期</translation>
    </message>
    <message>
        <source>Even borders, as of a collimator or a scanner, are cut off.</source>
        <translation>裁去均勻的邊緣，例如準直器或掃描器所留。</translation>
    </message>
    <message>
        <source>Every figure here is read from the weights&apos; own card. The scheme is that of Mitchell et al. 2019, Model Cards for Model Reporting. A card&apos;s own sentences are in English.</source>
        <translation>此處每個數字都讀自權重本身的模型卡。架構依 Mitchell 等人 2019 年的 Model Cards for Model Reporting。模型卡原有的文句為英文。</translation>
    </message>
    <message>
        <source>Export the secondary capture or the report instead.</source>
        <translation>請改為匯出二次擷取影像或報告。</translation>
    </message>
    <message>
        <source>Exported {files} of {images}.</source>
        <translation>已自{images}匯出{files}。</translation>
    </message>
    <message>
        <source>File, Drift watch says in which way, and what can be done.</source>
        <translation>「檔案 &gt; 漂移監測」會說明是何種情形，以及可以怎麼做。</translation>
    </message>
    <message>
        <source>File, Learn this hospital, says what that would be worth, and you decide.</source>
        <translation>「檔案 &gt; 學習本院影像」會說明成效預估，由您決定。</translation>
    </message>
    <message>
        <source>Files beyond 20 000, beyond 300 folders or deeper than three folders are not seen; watch a smaller folder.</source>
        <translation>超過 20 000 個檔案、超過 300 個資料夾或深於三層的檔案不會被看到；請監看較小的資料夾。</translation>
    </message>
    <message>
        <source>Folders and files left: {count}; what was read is not read again.</source>
        <translation>尚餘 {count} 個資料夾與檔案；已讀取的不會重新讀取。</translation>
    </message>
    <message>
        <source>For slides and papers.</source>
        <translation>供簡報與論文使用。</translation>
    </message>
    <message>
        <source>Free some space before you close the program.</source>
        <translation>關閉程式前請先釋出一些空間。</translation>
    </message>
    <message>
        <source>Free some space or choose another folder.</source>
        <translation>請釋出空間或選擇其他資料夾。</translation>
    </message>
    <message>
        <source>Frontal chest X-rays (PA or AP), read by somebody who reads them anyway: the least normal ones come first, and beside each stands the normal chest that it might have been.</source>
        <translation>正面胸部X光（PA 或 AP），由本來就會判讀的人判讀：最不像正常的排在最前，每張旁邊是它可能有的正常胸部。</translation>
    </message>
    <message>
        <source>Give frontal chest radiographs that a radiologist has read as normal.</source>
        <translation>請提供放射科醫師判讀為正常的正面胸部X光影像。</translation>
    </message>
    <message>
        <source>Held-out normals</source>
        <translation>保留的正常影像</translation>
    </message>
    <message>
        <source>How an image is prepared</source>
        <translation>影像如何前處理</translation>
    </message>
    <message>
        <source>How far a percentile of normals moves, in points</source>
        <translation>正常影像的百分位變動多少（百分點）</translation>
    </message>
    <message>
        <source>How the figures were made</source>
        <translation>數字如何得來</translation>
    </message>
    <message>
        <source>Images that came over the network</source>
        <translation>經由網路收到的影像</translation>
    </message>
    <message>
        <source>Images that were lost from the worklist, so open their folders again: {count}.</source>
        <translation>工作清單中遺失的影像（請重新開啟其資料夾）：{count}。</translation>
    </message>
    <message>
        <source>Images trained on</source>
        <translation>訓練影像數</translation>
    </message>
    <message>
        <source>Images whose marks were lost: {count}.</source>
        <translation>標記已遺失的影像：{count}。</translation>
    </message>
    <message>
        <source>Install that version, or choose other weights; these stay as they are.</source>
        <translation>請安裝該版本，或選擇其他權重；這組權重維持原狀。</translation>
    </message>
    <message>
        <source>It cannot be seen whether this program is running twice.</source>
        <translation>無法得知本程式是否重複執行。</translation>
    </message>
    <message>
        <source>It has a row of its own in the worklist; this row is about the one that lay here before.</source>
        <translation>它在工作清單中有自己的一列；此列屬於先前位於此處的影像。</translation>
    </message>
    <message>
        <source>It holds names of patients. Its owner, or an administrator, has to close it to others.</source>
        <translation>其中含有病人姓名。請由資料夾擁有者或系統管理員取消他人的存取權限。</translation>
    </message>
    <message>
        <source>It is being read again.</source>
        <translation>正在重新讀取。</translation>
    </message>
    <message>
        <source>It is left as it is. Start the later version again.</source>
        <translation>它保持原狀。請再次啟動較新版本。</translation>
    </message>
    <message>
        <source>It is left as it is. This session begins without it and is not saved, and nothing is sent, fetched or listened to. Start the later version again to have it back.</source>
        <translation>它保持原狀。這次使用不載入它，也不儲存；不傳送、不擷取，也不接受連線。再次啟動較新版本即可恢復。</translation>
    </message>
    <message>
        <source>It is looked for again every few seconds; watching goes on when it is back.</source>
        <translation>每隔幾秒會再尋找；恢復後即繼續監看。</translation>
    </message>
    <message>
        <source>It is made square, each side scaled on its own.</source>
        <translation>調整為正方形，兩邊各自縮放。</translation>
    </message>
    <message>
        <source>It is the same for everybody who uses this computer.</source>
        <translation>使用這台電腦的每個人都相同。</translation>
    </message>
    <message>
        <source>It must not be used</source>
        <translation>不得用於</translation>
    </message>
    <message>
        <source>It needs {fewest_tested} more normal patients than are adapted to, and the score that the card sorts by.</source>
        <translation>正常病人的數目須比用來調適的多 {fewest_tested} 位，並須採用模型卡排序所用的分數。</translation>
    </message>
    <message>
        <source>It was repaired, and nothing was lost.</source>
        <translation>已修復，且未遺失任何資料。</translation>
    </message>
    <message>
        <source>It was repaired.</source>
        <translation>已修復。</translation>
    </message>
    <message>
        <source>Its folder cannot be reached.</source>
        <translation>無法連線到其所在的資料夾。</translation>
    </message>
    <message>
        <source>Its folder lies on a disk without locks, or cannot be written; open only one window on it.</source>
        <translation>其資料夾位於不支援鎖定的磁碟，或無法寫入；請僅以一個視窗開啟。</translation>
    </message>
    <message>
        <source>Its middle square is taken.</source>
        <translation>取其中央的正方形。</translation>
    </message>
    <message>
        <source>Judgements that were lost: {count}.</source>
        <translation>遺失的判斷：{count}。</translation>
    </message>
    <message>
        <source>Learning failed.</source>
        <translation>學習失敗。</translation>
    </message>
    <message>
        <source>Learning failed: its process has ended.</source>
        <translation>學習失敗：其程序已結束。</translation>
    </message>
    <message>
        <source>Learning took too long and was ended.</source>
        <translation>學習時間過長，已結束。</translation>
    </message>
    <message>
        <source>Learning was stopped.</source>
        <translation>學習已停止。</translation>
    </message>
    <message>
        <source>Leave out --settings.</source>
        <translation>請省略 --settings。</translation>
    </message>
    <message>
        <source>Lesion critic taken from</source>
        <translation>病灶判別器取自</translation>
    </message>
    <message>
        <source>Licence and thanks</source>
        <translation>授權與致謝</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>限制</translation>
    </message>
    <message>
        <source>Lines of the audit trail</source>
        <translation>稽核紀錄行數</translation>
    </message>
    <message>
        <source>Lines of the audit trail that were lost: {count}.</source>
        <translation>遺失的稽核紀錄行數：{count}。</translation>
    </message>
    <message>
        <source>Logs and caches</source>
        <translation>記錄檔與快取</translation>
    </message>
    <message>
        <source>Made from</source>
        <translation>來源權重</translation>
    </message>
    <message>
        <source>Made on</source>
        <translation>製作日期</translation>
    </message>
    <message>
        <source>Make the program&apos;s folder writable before you close the program.</source>
        <translation>關閉程式前請先使程式資料夾可寫入。</translation>
    </message>
    <message>
        <source>Marks, judgements and trail could not be read, and there is no copy of them.</source>
        <translation>標記、判斷與稽核紀錄無法讀取，且沒有備份。</translation>
    </message>
    <message>
        <source>Marks, judgements and trail were completed from the copy of {copied}.</source>
        <translation>標記、判斷與稽核紀錄已由 {copied} 的備份補齊。</translation>
    </message>
    <message>
        <source>Marks, judgements and what was read</source>
        <translation>標記、判斷與已判讀紀錄</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>記憶</translation>
    </message>
    <message>
        <source>Minutes of the training</source>
        <translation>訓練分鐘數</translation>
    </message>
    <message>
        <source>Model cards</source>
        <translation>模型卡</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名稱</translation>
    </message>
    <message>
        <source>Name a folder that is to be made: no bundle is replaced.</source>
        <translation>請指定要新建的資料夾：不會取代任何權重。</translation>
    </message>
    <message>
        <source>Network reads</source>
        <translation>網路讀入</translation>
    </message>
    <message>
        <source>Networks went on from</source>
        <translation>網路接續訓練自</translation>
    </message>
    <message>
        <source>New studies are scored with the weights that ship with the program.</source>
        <translation>新檢查以隨程式提供的權重評分。</translation>
    </message>
    <message>
        <source>No study was removed by its age: this computer&apos;s clock is {ahead} days further than when the program was used last.</source>
        <translation>未依保留期限移除任何檢查：這台電腦的時鐘比上次使用本程式時超前 {ahead} 天。</translation>
    </message>
    <message>
        <source>Normal images of this place, each of another patient</source>
        <translation>此處的正常影像數（每位病人一張）</translation>
    </message>
    <message>
        <source>Normal images to learn from: {count} of at least {fewest}, each of another patient.</source>
        <translation>可供學習的正常影像：{count} 張，至少需 {fewest} 張，各屬不同病人。</translation>
    </message>
    <message>
        <source>Normals held out for calibration</source>
        <translation>保留供校準的正常影像</translation>
    </message>
    <message>
        <source>Normals of elsewhere, for the lesion critic</source>
        <translation>供病灶判別器使用的其他來源正常影像</translation>
    </message>
    <message>
        <source>Normals of this place</source>
        <translation>此處的正常影像</translation>
    </message>
    <message>
        <source>Not used:</source>
        <translation>未採用：</translation>
    </message>
    <message>
        <source>Not valid in the file and left empty in the results: {names}.</source>
        <translation>檔案中無效、在結果中留空的項目：{names}。</translation>
    </message>
    <message>
        <source>Nothing of it is used. Tell your administrator.</source>
        <translation>其內容一概不採用。請通知您的系統管理員。</translation>
    </message>
    <message>
        <source>Nothing of what was kept meanwhile is lost.</source>
        <translation>期間所保留的內容均未遺失。</translation>
    </message>
    <message>
        <source>Nothing was changed. Try again when less is going on.</source>
        <translation>未作任何變更。請在較空閒時再試一次。</translation>
    </message>
    <message>
        <source>Nothing was changed. Try again.</source>
        <translation>未作任何變更。請再試一次。</translation>
    </message>
    <message>
        <source>Nothing was exported.</source>
        <translation>未匯出任何內容。</translation>
    </message>
    <message>
        <source>Nothing was measured of these weights.</source>
        <translation>這組權重沒有測量結果。</translation>
    </message>
    <message>
        <source>One page (PDF)</source>
        <translation>單頁報告（PDF）</translation>
    </message>
    <message>
        <source>Open it again when it is back.</source>
        <translation>恢復後請再次開啟。</translation>
    </message>
    <message>
        <source>Open it again when it is complete.</source>
        <translation>請在檔案完整後再次開啟。</translation>
    </message>
    <message>
        <source>Open it again.</source>
        <translation>請再次開啟。</translation>
    </message>
    <message>
        <source>Other hospitals</source>
        <translation>其他醫院</translation>
    </message>
    <message>
        <source>Other images have taken the place of some that are on the worklist.</source>
        <translation>工作清單中某些影像的位置已被其他影像取代。</translation>
    </message>
    <message>
        <source>Other reasons.</source>
        <translation>其他原因。</translation>
    </message>
    <message>
        <source>Other systems</source>
        <translation>其他系統</translation>
    </message>
    <message>
        <source>Other users of this computer can look into the program&apos;s own folder.</source>
        <translation>這台電腦的其他使用者可以讀取本程式的專屬資料夾。</translation>
    </message>
    <message>
        <source>Other weights were installed meanwhile.</source>
        <translation>期間已安裝其他權重。</translation>
    </message>
    <message>
        <source>Over {count} trainings with other seeds the AUC is {mean} ± {spread} (standard deviation).</source>
        <translation>以不同亂數種子訓練 {count} 次，AUC 為 {mean} ± {spread}（標準差）。</translation>
    </message>
    <message>
        <source>Passwords in the key ring</source>
        <translation>金鑰圈中的密碼</translation>
    </message>
    <message>
        <source>Patients</source>
        <translation>病人</translation>
    </message>
    <message>
        <source>Percentiles and lines were fitted on {count} held-out normals, and on nothing abnormal.</source>
        <translation>百分位與界線以 {count} 張保留的正常影像校準，未使用任何異常影像。</translation>
    </message>
    <message>
        <source>Picture of the panes (DICOM)</source>
        <translation>窗格畫面（DICOM）</translation>
    </message>
    <message>
        <source>Picture of the panes (PNG)</source>
        <translation>窗格畫面（PNG）</translation>
    </message>
    <message>
        <source>Preset and seed</source>
        <translation>預設組與亂數種子</translation>
    </message>
    <message>
        <source>Report of the numbers (DICOM)</source>
        <translation>數值報告（DICOM）</translation>
    </message>
    <message>
        <source>Results in the outbox</source>
        <translation>傳送匣中的結果</translation>
    </message>
    <message>
        <source>Results that were lost and are computed again: {count}.</source>
        <translation>遺失並將重新計算的結果：{count}。</translation>
    </message>
    <message>
        <source>SHA-256 of the weights</source>
        <translation>權重的 SHA-256</translation>
    </message>
    <message>
        <source>Secondary capture; any DICOM viewer shows it.</source>
        <translation>二次擷取影像；任何 DICOM 檢視器皆可顯示。</translation>
    </message>
    <message>
        <source>See that the disk is not full and that the program&apos;s folder can be written.</source>
        <translation>請確認磁碟未滿，且程式的資料夾可以寫入。</translation>
    </message>
    <message>
        <source>Segmentation that lies over the original.</source>
        <translation>疊於原始影像上的分割資料。</translation>
    </message>
    <message>
        <source>Set the clock if it is wrong. If it is right, they go once the program was used on three days.</source>
        <translation>若時鐘有誤，請予校正；若無誤，在使用本程式滿三天後即會移除。</translation>
    </message>
    <message>
        <source>Settings of triage</source>
        <translation>分流評分的設定</translation>
    </message>
    <message>
        <source>Size of the weights</source>
        <translation>權重大小</translation>
    </message>
    <message>
        <source>Some images of the stored worklist could not be read.</source>
        <translation>儲存的工作清單中有部分影像無法讀取。</translation>
    </message>
    <message>
        <source>Some keys in the settings could not be used.</source>
        <translation>設定中有部分按鍵無法使用。</translation>
    </message>
    <message>
        <source>Steps of the lesion critic</source>
        <translation>病灶判別器的訓練步數</translation>
    </message>
    <message>
        <source>Steps of the networks</source>
        <translation>網路的訓練步數</translation>
    </message>
    <message>
        <source>Steps of the painting network</source>
        <translation>繪圖網路的訓練步數</translation>
    </message>
    <message>
        <source>Stored results</source>
        <translation>儲存的結果</translation>
    </message>
    <message>
        <source>Studies on the worklist</source>
        <translation>工作清單上的檢查</translation>
    </message>
    <message>
        <source>Studies that came more than {days} days ago and were removed: {removed}.</source>
        <translation>已移除超過 {days} 天的檢查：{removed} 筆。</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>測試</translation>
    </message>
    <message>
        <source>That folder or file is no longer there.</source>
        <translation>該資料夾或檔案已不存在。</translation>
    </message>
    <message>
        <source>The bundle &apos;{name}&apos; could not be written: {strerror}.</source>
        <translation>無法寫入權重「{name}」：{strerror}。</translation>
    </message>
    <message>
        <source>The combined score: {parts}, each in standard deviations from held-out normals.</source>
        <translation>綜合分數：{parts}，各以與保留的正常影像相差的標準差表示。</translation>
    </message>
    <message>
        <source>The damaged file was kept in the program&apos;s folder.</source>
        <translation>損壞的檔案已保留於程式資料夾中。</translation>
    </message>
    <message>
        <source>The detector has learned from your normal studies.</source>
        <translation>偵測模型已從您的正常檢查學習。</translation>
    </message>
    <message>
        <source>The detector&apos;s process was ended again and again, so this image is left out.</source>
        <translation>偵測模型的程序一再被結束，因此略過此影像。</translation>
    </message>
    <message>
        <source>The disk for the export does not answer.</source>
        <translation>匯出的目標磁碟沒有回應。</translation>
    </message>
    <message>
        <source>The disk has no room for a copy, or the program&apos;s folder cannot be written.</source>
        <translation>磁碟沒有空間存放副本，或無法寫入程式的資料夾。</translation>
    </message>
    <message>
        <source>The disk with the weights does not answer.</source>
        <translation>存放權重的磁碟沒有回應。</translation>
    </message>
    <message>
        <source>The export failed.</source>
        <translation>匯出失敗。</translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation>檔案無法寫入。</translation>
    </message>
    <message>
        <source>The file does not fully say how the patient lies: these are places of the picture as it lies in the file.</source>
        <translation>檔案未完整說明病人的方位：所述位置是檔案中影像本身的位置。</translation>
    </message>
    <message>
        <source>The file does not say its SOP class; the results name a likely one.</source>
        <translation>檔案未標示其 SOP Class；結果採用可能的類別。</translation>
    </message>
    <message>
        <source>The file does not say whether its spacing was calibrated; it is taken as at the detector.</source>
        <translation>檔案未說明像素間距是否經過校正；視為影像接收器平面的數值。</translation>
    </message>
    <message>
        <source>The file does not say whether text is burned into the picture: look before you pass it on.</source>
        <translation>檔案未說明畫面中是否燒錄文字：轉交前請先查看。</translation>
    </message>
    <message>
        <source>The file does not say which part of the body it shows.</source>
        <translation>檔案未說明檢查部位。</translation>
    </message>
    <message>
        <source>The file ends before its data begin.</source>
        <translation>檔案在資料開始前就結束。</translation>
    </message>
    <message>
        <source>The file ends in the middle of a sequence.</source>
        <translation>檔案在序列中途結束。</translation>
    </message>
    <message>
        <source>The file ends in the middle of its header.</source>
        <translation>檔案在標頭中途結束。</translation>
    </message>
    <message>
        <source>The file ends too early: its header promises more than it holds.</source>
        <translation>檔案過早結束：標頭所載多於實際內容。</translation>
    </message>
    <message>
        <source>The file ends too early: the picture is cut short.</source>
        <translation>檔案過早結束：影像不完整。</translation>
    </message>
    <message>
        <source>The file ends too early: this image is cut short.</source>
        <translation>檔案過早結束：此影像不完整。</translation>
    </message>
    <message>
        <source>The file ends too early; what follows the image is missing.</source>
        <translation>檔案過早結束；影像之後的內容遺失。</translation>
    </message>
    <message>
        <source>The file has no image {frame}; it holds {frames}.</source>
        <translation>檔案中沒有第 {frame} 張影像；共有 {frames} 張。</translation>
    </message>
    <message>
        <source>The file holds fewer images than its header says, or they cannot be told apart.</source>
        <translation>檔案中的影像少於標頭所載，或無法區分。</translation>
    </message>
    <message>
        <source>The file holds more bytes than its picture needs; the first are shown.</source>
        <translation>檔案的位元組多於影像所需；僅顯示前面部分。</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>檔案是空的。</translation>
    </message>
    <message>
        <source>The file is no longer there.</source>
        <translation>檔案已不存在。</translation>
    </message>
    <message>
        <source>The file is written if it answers again; look whether it is there, or export into another folder.</source>
        <translation>磁碟恢復回應後檔案仍會寫入；請查看檔案是否已存在，或匯出到其他資料夾。</translation>
    </message>
    <message>
        <source>The file names a view that is not known here.</source>
        <translation>檔案標示的照射方向不在已知範圍內。</translation>
    </message>
    <message>
        <source>The file names a window function that does not exist; a straight one is used.</source>
        <translation>檔案標示的窗值函數不存在；改用線性函數。</translation>
    </message>
    <message>
        <source>The file names one side of the body and no view.</source>
        <translation>檔案標示身體一側，但未標示照射方向。</translation>
    </message>
    <message>
        <source>The file says it is stored turned or mirrored.</source>
        <translation>檔案標示影像經旋轉或鏡像儲存。</translation>
    </message>
    <message>
        <source>The file states an impossible pixel spacing; lengths are shown in pixels.</source>
        <translation>檔案標示的像素間距不合理；長度以像素表示。</translation>
    </message>
    <message>
        <source>The file states an impossible shape of its pixels; they are shown square.</source>
        <translation>檔案標示的像素形狀不合理；以正方形像素顯示。</translation>
    </message>
    <message>
        <source>The file would unpack to more than {max_inflated_bytes} MB.</source>
        <translation>檔案解壓縮後會超過 {max_inflated_bytes} MB。</translation>
    </message>
    <message>
        <source>The file&apos;s modality table is damaged and was not applied.</source>
        <translation>檔案的 Modality 對照表已損壞，未予套用。</translation>
    </message>
    <message>
        <source>The file&apos;s rescale gives values beyond all numbers.</source>
        <translation>檔案的重新縮放產生超出範圍的數值。</translation>
    </message>
    <message>
        <source>The file&apos;s rescale is not a number and was not applied.</source>
        <translation>檔案的重新縮放不是數值，未予套用。</translation>
    </message>
    <message>
        <source>The file&apos;s rescale slope is 0; the stored values are shown.</source>
        <translation>檔案的重新縮放斜率為 0；顯示儲存值。</translation>
    </message>
    <message>
        <source>The file&apos;s window makes no sense; the full range is shown.</source>
        <translation>檔案的窗值不合理；顯示完整範圍。</translation>
    </message>
    <message>
        <source>The files could be opened; what is in them is being read again.</source>
        <translation>檔案已可開啟，正在重新讀取其內容。</translation>
    </message>
    <message>
        <source>The files could not be written: {strerror}.</source>
        <translation>檔案無法寫入：{strerror}。</translation>
    </message>
    <message>
        <source>The folder could not be read to its end.</source>
        <translation>資料夾無法完整讀取。</translation>
    </message>
    <message>
        <source>The folder of learned weights cannot be changed.</source>
        <translation>無法變更學得權重的資料夾。</translation>
    </message>
    <message>
        <source>The folder of this image cannot be reached.</source>
        <translation>無法連線到此影像所在的資料夾。</translation>
    </message>
    <message>
        <source>The graphics card does not answer.</source>
        <translation>顯示卡沒有回應。</translation>
    </message>
    <message>
        <source>The graphics card does not work; the detector goes on on the CPU.</source>
        <translation>顯示卡無法運作；偵測模型改在 CPU 上繼續。</translation>
    </message>
    <message>
        <source>The graphics card failed on an image, which is computed on the CPU instead.</source>
        <translation>顯示卡處理一張影像時發生錯誤，改以 CPU 計算。</translation>
    </message>
    <message>
        <source>The graphics card failed, so it was scored on the CPU.</source>
        <translation>顯示卡發生錯誤，因此改以 CPU 評分。</translation>
    </message>
    <message>
        <source>The graphics card has too little memory.</source>
        <translation>顯示卡記憶體不足。</translation>
    </message>
    <message>
        <source>The header claims {megapixels} megapixels; more than {max_pixels} are refused.</source>
        <translation>標頭宣稱 {megapixels} 百萬像素；超過 {max_pixels} 者不予接受。</translation>
    </message>
    <message>
        <source>The header does not say how its grey values are meant.</source>
        <translation>標頭未說明灰階值的意義。</translation>
    </message>
    <message>
        <source>The header does not say what its pixels are ({keyword} is missing).</source>
        <translation>標頭未說明像素內容（缺少 {keyword}）。</translation>
    </message>
    <message>
        <source>The header holds more than {max_elements} elements.</source>
        <translation>標頭超過 {max_elements} 個元素。</translation>
    </message>
    <message>
        <source>The header holds more than {max_items} sequence items.</source>
        <translation>標頭超過 {max_items} 個序列項目。</translation>
    </message>
    <message>
        <source>The header holds nothing that is known.</source>
        <translation>標頭中沒有可辨識的內容。</translation>
    </message>
    <message>
        <source>The header is nested deeper than {max_nesting} sequences.</source>
        <translation>標頭的巢狀序列超過 {max_nesting} 層。</translation>
    </message>
    <message>
        <source>The header names a kind of colour that does not exist.</source>
        <translation>標頭標示的色彩類型不存在。</translation>
    </message>
    <message>
        <source>The header says the image has no rows or no columns.</source>
        <translation>標頭標示影像沒有列或沒有行。</translation>
    </message>
    <message>
        <source>The header states an impossible number of bits for a pixel.</source>
        <translation>標頭標示的像素位元數不合理。</translation>
    </message>
    <message>
        <source>The header stores more bits than it allots for a pixel.</source>
        <translation>標頭標示的儲存位元數超過所配置。</translation>
    </message>
    <message>
        <source>The header&apos;s number of colour channels does not fit its kind of colour.</source>
        <translation>標頭的色彩通道數與色彩類型不符。</translation>
    </message>
    <message>
        <source>The header&apos;s number of images is less than one.</source>
        <translation>標頭的影像數小於一。</translation>
    </message>
    <message>
        <source>The image can still be read. Ask for it again, or choose the CPU in the settings.</source>
        <translation>影像仍可閱讀。請再次要求分析，或在設定中選擇 CPU。</translation>
    </message>
    <message>
        <source>The image can still be read. Ask for it again.</source>
        <translation>影像仍可閱讀。請再次要求。</translation>
    </message>
    <message>
        <source>The image is scored again.</source>
        <translation>影像會重新評分。</translation>
    </message>
    <message>
        <source>The image is too large for a map of every pixel.</source>
        <translation>影像過大，無法建立逐像素的圖。</translation>
    </message>
    <message>
        <source>The image itself (DICOM)</source>
        <translation>影像本身（DICOM）</translation>
    </message>
    <message>
        <source>The image may be unusual; it is not scored.</source>
        <translation>影像可能不尋常；不予評分。</translation>
    </message>
    <message>
        <source>The image was prepared for other weights.</source>
        <translation>影像是為其他權重準備的。</translation>
    </message>
    <message>
        <source>The image would take more than {max_decoded_bytes} MB once decoded.</source>
        <translation>影像解碼後會超過 {max_decoded_bytes} MB。</translation>
    </message>
    <message>
        <source>The images would take more than {max_decoded_bytes} MB once decoded.</source>
        <translation>影像解碼後會超過 {max_decoded_bytes} MB。</translation>
    </message>
    <message>
        <source>The import that was interrupted goes on.</source>
        <translation>中斷的匯入已繼續進行。</translation>
    </message>
    <message>
        <source>The list of training images behind the memory belongs to other weights.</source>
        <translation>記憶所依據的訓練影像清單屬於其他權重。</translation>
    </message>
    <message>
        <source>The list of training images behind the memory is damaged.</source>
        <translation>記憶所依據的訓練影像清單已損壞。</translation>
    </message>
    <message>
        <source>The list of training images behind the memory is too large to be one.</source>
        <translation>記憶所依據的訓練影像清單過大，不合理。</translation>
    </message>
    <message>
        <source>The measurements of this image could not be saved.</source>
        <translation>無法儲存此影像的測量結果。</translation>
    </message>
    <message>
        <source>The memory has {slots} entries a patch.</source>
        <translation>記憶中每個區塊有 {slots} 個條目。</translation>
    </message>
    <message>
        <source>The model card is damaged.</source>
        <translation>模型卡已損壞。</translation>
    </message>
    <message>
        <source>The model card is too large to be one.</source>
        <translation>模型卡過大，不合理。</translation>
    </message>
    <message>
        <source>The network settings in this computer&apos;s policy are damaged.</source>
        <translation>這台電腦原則檔中的網路設定已損壞。</translation>
    </message>
    <message>
        <source>The network settings of this computer are set by your administrator.</source>
        <translation>這台電腦的網路設定由您的系統管理員設定。</translation>
    </message>
    <message>
        <source>The network&apos;s record was made by a later version of this program.</source>
        <translation>網路紀錄由本程式的較新版本所建立。</translation>
    </message>
    <message>
        <source>The others are in force. Tell your administrator.</source>
        <translation>其餘設定仍有效。請通知您的系統管理員。</translation>
    </message>
    <message>
        <source>The page was handed to the printer.</source>
        <translation>頁面已送交印表機。</translation>
    </message>
    <message>
        <source>The palette of the picture is missing or damaged.</source>
        <translation>影像的調色盤遺失或已損壞。</translation>
    </message>
    <message>
        <source>The paper&apos;s score: the discriminator alone.</source>
        <translation>論文的分數：僅用鑑別器。</translation>
    </message>
    <message>
        <source>The percentiles could not be looked at.</source>
        <translation>無法檢視百分位。</translation>
    </message>
    <message>
        <source>The percentiles of the newest studies do not fit this hospital.</source>
        <translation>最新檢查的百分位不適合貴院。</translation>
    </message>
    <message>
        <source>The picture claims {columns} by {rows} pixels, more than is allowed.</source>
        <translation>影像宣稱 {columns} × {rows} 像素，超過上限。</translation>
    </message>
    <message>
        <source>The picture is cut into more than {max_fragments} pieces.</source>
        <translation>影像被切割為超過 {max_fragments} 個片段。</translation>
    </message>
    <message>
        <source>The picture is cut short: it holds fewer pixels than its header says.</source>
        <translation>影像不完整：像素少於標頭所載。</translation>
    </message>
    <message>
        <source>The picture is damaged and cannot be decoded.</source>
        <translation>影像已損壞，無法解碼。</translation>
    </message>
    <message>
        <source>The picture is empty.</source>
        <translation>影像是空的。</translation>
    </message>
    <message>
        <source>The picture is laid on the mean normal chest of these weights; what cannot be laid is seen whole.</source>
        <translation>影像對位至這組權重的平均正常胸部；無法對位者以整張輸入。</translation>
    </message>
    <message>
        <source>The picture is not the JPEG 2000 that its header says.</source>
        <translation>影像不是標頭所稱的 JPEG 2000。</translation>
    </message>
    <message>
        <source>The picture is not the JPEG that its header says, or it is damaged.</source>
        <translation>影像不是標頭所稱的 JPEG，或已損壞。</translation>
    </message>
    <message>
        <source>The picture itself may show the patient&apos;s name.</source>
        <translation>影像畫面中可能顯示病人姓名。</translation>
    </message>
    <message>
        <source>The picture itself may show the patient&apos;s name; de-identifying the header would not hide it.</source>
        <translation>影像畫面中可能顯示病人姓名；標頭去識別化無法將其遮蔽。</translation>
    </message>
    <message>
        <source>The picture of the panes was exported.</source>
        <translation>已匯出窗格畫面。</translation>
    </message>
    <message>
        <source>The picture stores {precision} bits where its header says {bits_stored}.</source>
        <translation>影像儲存 {precision} 位元，標頭則標示 {bits_stored}。</translation>
    </message>
    <message>
        <source>The policy file of this computer cannot be read.</source>
        <translation>無法讀取這台電腦的原則檔。</translation>
    </message>
    <message>
        <source>The policy file of this computer has a part that is no table of settings.</source>
        <translation>這台電腦的原則檔有一部分不是設定表。</translation>
    </message>
    <message>
        <source>The policy file of this computer has keys or values that cannot be used: {names}.</source>
        <translation>這台電腦的原則檔有無法使用的鍵或值：{names}。</translation>
    </message>
    <message>
        <source>The policy file of this computer has other parts than “fixed” and “default”.</source>
        <translation>這台電腦的原則檔含有「fixed」與「default」以外的部分。</translation>
    </message>
    <message>
        <source>The policy file of this computer is no JSON.</source>
        <translation>這台電腦的原則檔不是 JSON。</translation>
    </message>
    <message>
        <source>The printer does not answer.</source>
        <translation>印表機沒有回應。</translation>
    </message>
    <message>
        <source>The printer does not take the page.</source>
        <translation>印表機不接受此頁面。</translation>
    </message>
    <message>
        <source>The program uses its default settings.</source>
        <translation>程式使用預設設定。</translation>
    </message>
    <message>
        <source>The reader was ended again and again before it had read this file. Try again.</source>
        <translation>讀取程序在讀完此檔案前一再被結束。請再試一次。</translation>
    </message>
    <message>
        <source>The reconstruction belongs to other weights.</source>
        <translation>重建影像屬於其他權重。</translation>
    </message>
    <message>
        <source>The region is smaller than a pixel of the model, or lies outside what it sees.</source>
        <translation>區域小於模型的一個像素，或位於它所見範圍之外。</translation>
    </message>
    <message>
        <source>The result could not be de-identified; nothing was written.</source>
        <translation>結果無法去識別化；未寫入任何內容。</translation>
    </message>
    <message>
        <source>The results had to make up the file&apos;s {dictionary_description}, {consequence}.</source>
        <translation>結果須自行補上檔案的 {dictionary_description}，{consequence}。</translation>
    </message>
    <message>
        <source>The run-length coded picture has other planes than its header says.</source>
        <translation>RLE 編碼影像的平面數與標頭不符。</translation>
    </message>
    <message>
        <source>The run-length coded picture is cut short.</source>
        <translation>RLE 編碼影像不完整。</translation>
    </message>
    <message>
        <source>The run-length coded picture is damaged.</source>
        <translation>RLE 編碼影像已損壞。</translation>
    </message>
    <message>
        <source>The score cannot be calibrated.</source>
        <translation>分數無法校準。</translation>
    </message>
    <message>
        <source>The sequences of the header do not match up.</source>
        <translation>標頭的序列前後不一致。</translation>
    </message>
    <message>
        <source>The settings could not be saved.</source>
        <translation>設定無法儲存。</translation>
    </message>
    <message>
        <source>The settings file is damaged.</source>
        <translation>設定檔已損壞。</translation>
    </message>
    <message>
        <source>The settings were made by a later version of this program.</source>
        <translation>這些設定由本程式的較新版本所建立。</translation>
    </message>
    <message>
        <source>The stored measurements of this image are damaged.</source>
        <translation>此影像已儲存的測量結果已損壞。</translation>
    </message>
    <message>
        <source>The stored worklist is being brought up to this version.</source>
        <translation>正在將儲存的工作清單更新為此版本。</translation>
    </message>
    <message>
        <source>The stored worklist was brought up to this version without a copy of the former one.</source>
        <translation>儲存的工作清單已更新為此版本，但未保留先前的副本。</translation>
    </message>
    <message>
        <source>The stored worklist was damaged.</source>
        <translation>儲存的工作清單已損壞。</translation>
    </message>
    <message>
        <source>The stored worklist was made by a later version of this program.</source>
        <translation>儲存的工作清單由本程式的較新版本所建立。</translation>
    </message>
    <message>
        <source>The stored worklist was missing or empty.</source>
        <translation>儲存的工作清單不存在或為空。</translation>
    </message>
    <message>
        <source>The study has been read; there is no other.</source>
        <translation>此檢查已判讀，沒有其他檢查。</translation>
    </message>
    <message>
        <source>The use of an adaptation cannot be measured.</source>
        <translation>無法測量調適的成效。</translation>
    </message>
    <message>
        <source>The watched folder cannot be reached.</source>
        <translation>無法連線到監看的資料夾。</translation>
    </message>
    <message>
        <source>The watched folder holds more than can be watched.</source>
        <translation>監看的資料夾內容超出可監看的範圍。</translation>
    </message>
    <message>
        <source>The watched folder is back.</source>
        <translation>監看的資料夾已恢復。</translation>
    </message>
    <message>
        <source>The weights &apos;{name}&apos; are adapted already.</source>
        <translation>權重「{name}」已經調適過。</translation>
    </message>
    <message>
        <source>The weights are not the ones their card describes (the hash differs).</source>
        <translation>權重與模型卡所述不符（雜湊值不同）。</translation>
    </message>
    <message>
        <source>The weights are too large to be ours.</source>
        <translation>權重過大，不是本程式的權重。</translation>
    </message>
    <message>
        <source>The weights cannot be read as safetensors of the card&apos;s network.</source>
        <translation>權重無法讀為模型卡所述網路的 safetensors。</translation>
    </message>
    <message>
        <source>The weights changed while files were read. Start again.</source>
        <translation>讀取檔案期間權重已變更。請重新開始。</translation>
    </message>
    <message>
        <source>The weights hold what is not a number.</source>
        <translation>權重中含有非數值。</translation>
    </message>
    <message>
        <source>The weights that scored an image are not installed here, so its results cannot be written.</source>
        <translation>為某影像評分的權重未安裝於此，因此無法寫出其結果。</translation>
    </message>
    <message>
        <source>The weights that scored this image are not installed here, so nothing can be tried on it.</source>
        <translation>為此影像評分的權重未安裝於此，因此無法試算。</translation>
    </message>
    <message>
        <source>The weights were made for a later version of this program.</source>
        <translation>這組權重是為本程式的較新版本製作的。</translation>
    </message>
    <message>
        <source>The worklist cannot be saved at present: another program is using its file.</source>
        <translation>目前無法儲存工作清單：其他程式正在使用其檔案。</translation>
    </message>
    <message>
        <source>The worklist cannot be saved at present: its folder cannot be written.</source>
        <translation>目前無法儲存工作清單：其資料夾無法寫入。</translation>
    </message>
    <message>
        <source>The worklist cannot be saved at present: its folder or disk does not answer.</source>
        <translation>目前無法儲存工作清單：其資料夾或磁碟沒有回應。</translation>
    </message>
    <message>
        <source>The worklist cannot be saved at present: the disk is full.</source>
        <translation>目前無法儲存工作清單：磁碟已滿。</translation>
    </message>
    <message>
        <source>The worklist could not be saved.</source>
        <translation>無法儲存工作清單。</translation>
    </message>
    <message>
        <source>The worklist is saved again.</source>
        <translation>工作清單已恢復儲存。</translation>
    </message>
    <message>
        <source>There are files that still cannot be read.</source>
        <translation>仍有檔案無法讀取。</translation>
    </message>
    <message>
        <source>There is no score, so there is no finding to accept or reject.</source>
        <translation>沒有分數，因此沒有可接受或否定的發現。</translation>
    </message>
    <message>
        <source>This chest looks mirrored: the heart seems to lie on the patient&apos;s right. Check the side markers; something large and dense on that side can look alike.</source>
        <translation>這張胸部影像看似左右相反：心臟似乎位於病人右側。請檢查左右側標記；該側若有大片緻密陰影，也可能看似如此。</translation>
    </message>
    <message>
        <source>This is set by your administrator.</source>
        <translation>此項由您的系統管理員設定。</translation>
    </message>
    <message>
        <source>This is the last study that has not been read.</source>
        <translation>這是最後一筆未判讀的檢查。</translation>
    </message>
    <message>
        <source>This study has no picture, so it cannot be called normal.</source>
        <translation>此檢查沒有影像，因此不能判為正常。</translation>
    </message>
    <message>
        <source>This study has not been scored yet.</source>
        <translation>此檢查尚未評分。</translation>
    </message>
    <message>
        <source>To try the method on pictures of digits. It says nothing about radiographs.</source>
        <translation>用於以數字圖片試驗此方法，與X光影像無關。</translation>
    </message>
    <message>
        <source>Too few patients to adapt to: {first}.</source>
        <translation>可供調適的病人太少：{first} 位。</translation>
    </message>
    <message>
        <source>Trainings that are not finished</source>
        <translation>未完成的訓練</translation>
    </message>
    <message>
        <source>Try again; the worklist itself is safe.</source>
        <translation>請再試一次；工作清單本身不受影響。</translation>
    </message>
    <message>
        <source>Unfinished imports that were lost, so open their folders again: {count}.</source>
        <translation>遺失的未完成匯入（請重新開啟其資料夾）：{count}。</translation>
    </message>
    <message>
        <source>Work goes on, and what you do is kept and saved as soon as that is possible.</source>
        <translation>作業可繼續進行；您的操作會保留，並於可行時立即儲存。</translation>
    </message>
    <message>
        <source>The worklist was exported.</source>
        <translation>已匯出工作清單。</translation>
    </message>
    <message>
        <source>A DICOM file whose picture lies on a server; this program does not fetch it.</source>
        <translation>此 DICOM 檔案的影像存放在伺服器上；本程式不會去擷取。</translation>
    </message>
    <message>
        <source>A DICOMDIR beyond the limits; it was not read to its end.</source>
        <translation>超出限制的 DICOMDIR；未讀取到結尾。</translation>
    </message>
    <message>
        <source>A DICOMDIR of files you are not allowed to read ({forbidden} of {total}).</source>
        <translation>此 DICOMDIR 列出您無權讀取的檔案（{total} 個中的 {forbidden} 個）。</translation>
    </message>
    <message>
        <source>A DICOMDIR that came without the files it lists beside it ({count}): {names}.</source>
        <translation>此 DICOMDIR 缺少其所列的檔案（{count} 個）：{names}。</translation>
    </message>
    <message>
        <source>A DICOMDIR that lists files which are not there ({count} of {total}): {names}.</source>
        <translation>此 DICOMDIR 列出不存在的檔案（{total} 個中的 {count} 個）：{names}。</translation>
    </message>
    <message>
        <source>A DICOMDIR that points outside its own folder ({outside} of {total} files).</source>
        <translation>此 DICOMDIR 指向自身資料夾之外（{total} 個檔案中的 {outside} 個）。</translation>
    </message>
    <message>
        <source>A DICOMDIR, the index of 1 image, which is listed by itself.</source>
        <translation>DICOMDIR：1 個影像的索引，該影像已單獨列出。</translation>
    </message>
    <message>
        <source>A PNG or JPEG picture cannot be exported as a DICOM image.</source>
        <translation>PNG 或 JPEG 圖片無法匯出為 DICOM 影像。</translation>
    </message>
    <message>
        <source>A connection was closed: it brought no certificate that is trusted here, or no TLS.</source>
        <translation>已關閉一個連線：對方沒有出示此處信任的憑證，或未使用 TLS。</translation>
    </message>
    <message>
        <source>A connection was closed: its address is not on the list of those who may connect.</source>
        <translation>已關閉一個連線：其位址不在允許連線的清單上。</translation>
    </message>
    <message>
        <source>A connection was closed: too many were made from its address in the last minute.</source>
        <translation>已關閉一個連線：該位址在過去一分鐘內連線次數過多。</translation>
    </message>
    <message>
        <source>A connection was refused: too many were open already.</source>
        <translation>已拒絕一個連線：已開啟的連線過多。</translation>
    </message>
    <message>
        <source>A damaged DICOMDIR.</source>
        <translation>損壞的 DICOMDIR。</translation>
    </message>
    <message>
        <source>A file is known by its bytes, not by its name. One that has changed is another image: open its folder to read it.</source>
        <translation>檔案是依其位元組辨識，而非檔名。已變更的檔案是另一個影像：請開啟其資料夾來讀取。</translation>
    </message>
    <message>
        <source>A folder with images cannot be reached, or is empty.</source>
        <translation>無法連線到含有影像的資料夾，或該資料夾是空的。</translation>
    </message>
    <message>
        <source>A link in a zip archive; links are not followed.</source>
        <translation>zip 壓縮檔中的連結；不會追蹤連結。</translation>
    </message>
    <message>
        <source>A part is written as I/N.</source>
        <translation>分割須寫成 I/N。</translation>
    </message>
    <message>
        <source>A password is never sent without TLS. Enter an address that begins with https.</source>
        <translation>沒有 TLS 時絕不傳送密碼。請輸入以 https 開頭的位址。</translation>
    </message>
    <message>
        <source>A picture in colour; a radiograph is grey.</source>
        <translation>彩色圖片；X光影像是灰階的。</translation>
    </message>
    <message>
        <source>A picture that is too small: it has less than {min_side} pixels a side.</source>
        <translation>圖片太小：每邊少於 {min_side} 像素。</translation>
    </message>
    <message>
        <source>A presentation state is only of DICOM images stored in grey; none was written.</source>
        <translation>呈現狀態僅適用於以灰階儲存的 DICOM 影像；因此未寫出。</translation>
    </message>
    <message>
        <source>A presentation state that cannot be read; it is not offered.</source>
        <translation>一個無法讀取的呈現狀態；因此不提供。</translation>
    </message>
    <message>
        <source>A presentation state that names no image, or only later frames of one; it is not offered.</source>
        <translation>一個呈現狀態，未指向任何影像，或只指向其後面的畫格；因此不提供。</translation>
    </message>
    <message>
        <source>A presentation state; it is offered with its image, where that is on the worklist.</source>
        <translation>一個呈現狀態；若其影像在工作清單上，會在該影像處提供。</translation>
    </message>
    <message>
        <source>A result does not belong to the patient and the study that the worklist says; it was not sent.</source>
        <translation>有一份結果與工作清單所列的病人和檢查不符，因此未傳送。</translation>
    </message>
    <message>
        <source>A storage commitment could not be reported: the system that asked for it was not reached. Give its AE title, host and port in the network settings.</source>
        <translation>儲存承諾的結果無法回報：無法連上提出要求的系統。請在網路設定中填入其 AE title、主機與連接埠。</translation>
    </message>
    <message>
        <source>A system was refused: it called this node by another AE title.</source>
        <translation>已拒絕一個系統：它以另一個 AE title 呼叫本節點。</translation>
    </message>
    <message>
        <source>A system was refused: its AE title is not on the list for its address.</source>
        <translation>已拒絕一個系統：其 AE title 不在該位址的允許清單上。</translation>
    </message>
    <message>
        <source>A zip archive of which not all is opened ({refused} of {count} files).</source>
        <translation>此 zip 壓縮檔並未全部開啟（{count} 個檔案中有 {refused} 個未開啟）。</translation>
    </message>
    <message>
        <source>A zip archive of {count} file, each listed by itself.</source>
        <translation>內含 {count} 個檔案的 zip 壓縮檔，各檔案已分別列出。</translation>
    </message>
    <message>
        <source>A zip archive of {count} files, each listed by itself.</source>
        <translation>內含 {count} 個檔案的 zip 壓縮檔，各檔案已分別列出。</translation>
    </message>
    <message>
        <source>All studies that the filter shows have been read.</source>
        <translation>篩選出的檢查都已判讀。</translation>
    </message>
    <message>
        <source>All {count} studies have been read.</source>
        <translation>全部 {count} 筆檢查都已判讀。</translation>
    </message>
    <message>
        <source>Allow it in the settings of the network.</source>
        <translation>請在網路設定中允許。</translation>
    </message>
    <message>
        <source>An image does not say of which study it is, so no other system can take its results.</source>
        <translation>有一張影像未載明所屬檢查，其他系統無法接收其結果。</translation>
    </message>
    <message>
        <source>An item of a sequence lies where no sequence is open.</source>
        <translation>序列的項目出現在沒有開啟任何序列之處。</translation>
    </message>
    <message>
        <source>An object did not come whole.</source>
        <translation>有一個物件未完整送達。</translation>
    </message>
    <message>
        <source>An object has more than {most} MB.</source>
        <translation>有一個物件超過 {most} MB。</translation>
    </message>
    <message>
        <source>An overlay of the file cannot be read and is not shown.</source>
        <translation>檔案的一個疊加圖層無法讀取，未予顯示。</translation>
    </message>
    <message>
        <source>An overlay of the file lies in bits that its compressed picture does not hold; it is not shown.</source>
        <translation>檔案的一個疊加圖層位於壓縮影像未保存的位元中，未予顯示。</translation>
    </message>
    <message>
        <source>An overlay of the file lies outside of its picture and is not shown.</source>
        <translation>檔案的一個疊加圖層位於影像之外，未予顯示。</translation>
    </message>
    <message>
        <source>An overlay of the file would lie in the bits of the grey values and is not shown.</source>
        <translation>檔案的一個疊加圖層會落在灰階值的位元中，未予顯示。</translation>
    </message>
    <message>
        <source>Another presentation state lies at this place now.</source>
        <translation>此位置現在是另一個呈現狀態。</translation>
    </message>
    <message>
        <source>Another run is writing {name}.</source>
        <translation>另一個執行程序正在寫入 {name}。</translation>
    </message>
    <message>
        <source>Ask for it uncompressed.</source>
        <translation>請要求提供未壓縮的版本。</translation>
    </message>
    <message>
        <source>Ask for them to be sent again; File, Import report names them.</source>
        <translation>請要求重新傳送；「檔案 &gt; 匯入報告」列有這些檔案。</translation>
    </message>
    <message>
        <source>Bring its disk back, or start the node anew.</source>
        <translation>請恢復該磁碟，或重新啟動節點。</translation>
    </message>
    <message>
        <source>By its zip archive this file unpacks to more than {most} MB; it is not opened.</source>
        <translation>依 zip 壓縮檔所載，此檔案解壓縮後超過 {most} MB；不予開啟。</translation>
    </message>
    <message>
        <source>C-MOVE brings images to the node here, which is off. Give it a port and an AE title, or choose C-GET.</source>
        <translation>C-MOVE 會將影像送到本機的節點，但節點已關閉。請設定其連接埠與 AE title，或改選 C-GET。</translation>
    </message>
    <message>
        <source>Call the whole study normal, or mark it read.</source>
        <translation>請將整筆檢查判為正常，或標為已判讀。</translation>
    </message>
    <message>
        <source>Choose a port above 1023.</source>
        <translation>請選擇大於 1023 的連接埠。</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>請選擇其他檔案。</translation>
    </message>
    <message>
        <source>Choose one that it has, or 0.0.0.0 for all.</source>
        <translation>請選擇本機具有的位址，或以 0.0.0.0 代表全部。</translation>
    </message>
    <message>
        <source>Choose the CPU.</source>
        <translation>請選擇 CPU。</translation>
    </message>
    <message>
        <source>Copy the picture itself.</source>
        <translation>請直接複製圖片本身。</translation>
    </message>
    <message>
        <source>End that program, or choose another port.</source>
        <translation>請結束該程式，或選擇其他連接埠。</translation>
    </message>
    <message>
        <source>Every result says where it was computed.</source>
        <translation>每個結果都註明在何處計算。</translation>
    </message>
    <message>
        <source>Every result says where it was computed. Choose a device in the settings to try the graphics card again.</source>
        <translation>每個結果都註明在何處計算。可在設定中選擇裝置以再次嘗試顯示卡。</translation>
    </message>
    <message>
        <source>Free some space, and look at the permissions of {file}; if it is damaged, move it away: what waited in it to be sent must be sent again.</source>
        <translation>請釋出空間並檢查 {file} 的權限；若檔案已損壞，請將其移開：其中等待傳送的內容必須重新傳送。</translation>
    </message>
    <message>
        <source>Free some space; what was refused can be sent again.</source>
        <translation>請釋出一些空間；被拒絕的物件可以重新傳送。</translation>
    </message>
    <message>
        <source>GE&apos;s private DLX form</source>
        <translation>GE 私有的 DLX 格式</translation>
    </message>
    <message>
        <source>Give the address of its DICOMweb services and a user first.</source>
        <translation>請先輸入其 DICOMweb 服務的位址與使用者。</translation>
    </message>
    <message>
        <source>Go on with it by --resume, or choose another file.</source>
        <translation>請以 --resume 接續，或選擇其他檔案。</translation>
    </message>
    <message>
        <source>Images that are not known to have been read any more: {count}.</source>
        <translation>不再知道是否已判讀的影像：{count}。</translation>
    </message>
    <message>
        <source>Images that have their files again: {found}.</source>
        <translation>已重新找到檔案的影像：{found}。</translation>
    </message>
    <message>
        <source>Images that have their files again: {found}. Images still without: {left}; what is stored of them stays.</source>
        <translation>已重新找到檔案的影像：{found}。仍缺檔案的影像：{left}；其已儲存的內容會保留。</translation>
    </message>
    <message>
        <source>Is this a frontal chest X-ray? A picture file does not say so, nor whose it is, which side is the left, or how large anything is.</source>
        <translation>這是正面胸部X光嗎？圖片檔沒有說明這一點，也沒有說明是誰的影像、哪一側是左側，或實際大小為何。</translation>
    </message>
    <message>
        <source>It answered with status {status}.</source>
        <translation>對方回應的狀態碼為 {status}。</translation>
    </message>
    <message>
        <source>It answers in a way that is not foreseen.</source>
        <translation>對方的回應方式不在預期之內。</translation>
    </message>
    <message>
        <source>It answers, and offers what is wanted of it.</source>
        <translation>對方有回應，並提供所需的服務。</translation>
    </message>
    <message>
        <source>It answers.</source>
        <translation>對方有回應。</translation>
    </message>
    <message>
        <source>It asks for a certificate of this program, or does not accept the one that it was shown.</source>
        <translation>對方要求本程式的憑證，或不接受本程式出示的憑證。</translation>
    </message>
    <message>
        <source>It asks for true size, which needs the size of the screen; its area fills the pane.</source>
        <translation>它要求實際大小，這需要知道螢幕的尺寸；其區域改為填滿窗格。</translation>
    </message>
    <message>
        <source>It broke off in the middle of an image. Try again.</source>
        <translation>對方在影像傳送途中中斷。請再試一次。</translation>
    </message>
    <message>
        <source>It broke the connection off. Have its log looked at.</source>
        <translation>對方中斷了連線。請對方管理員查看記錄檔。</translation>
    </message>
    <message>
        <source>It could not carry this out. Have its log looked at.</source>
        <translation>對方無法完成這項要求。請對方管理員查看記錄檔。</translation>
    </message>
    <message>
        <source>It could not send all of it.</source>
        <translation>對方未能全部傳送。</translation>
    </message>
    <message>
        <source>It could not send: it is short of memory or disk, or could not reach the node here.</source>
        <translation>對方無法傳送：其記憶體或磁碟空間不足，或無法連到本機的節點。</translation>
    </message>
    <message>
        <source>It could not store it now.</source>
        <translation>對方目前無法儲存。</translation>
    </message>
    <message>
        <source>It declined this object. Have its log looked at.</source>
        <translation>對方拒收此物件。請查看對方的記錄檔。</translation>
    </message>
    <message>
        <source>It did not answer in time. Is it running, is the port right, and does a firewall let this program through?</source>
        <translation>對方未在時限內回應。對方是否執行中？連接埠是否正確？防火牆是否允許本程式通過？</translation>
    </message>
    <message>
        <source>It did not say what became of an object.</source>
        <translation>對方未說明某個物件的處理結果。</translation>
    </message>
    <message>
        <source>It does not allow this program to ask. Have it entered there.</source>
        <translation>對方不允許本程式查詢。請對方登錄本程式。</translation>
    </message>
    <message>
        <source>It does not allow this program to store. Have it entered there.</source>
        <translation>對方不允許本程式儲存。請在對方登錄本程式。</translation>
    </message>
    <message>
        <source>It does not answer to a test (C-ECHO), though it took the connection.</source>
        <translation>對方接受了連線，但不回應測試（C-ECHO）。</translation>
    </message>
    <message>
        <source>It does not hand the images out in a form that this program takes.</source>
        <translation>對方不以本程式可接受的形式提供影像。</translation>
    </message>
    <message>
        <source>It does not have this study.</source>
        <translation>對方沒有這筆檢查。</translation>
    </message>
    <message>
        <source>It does not know the node here. Have its AE title, address and port entered there, or choose C-GET.</source>
        <translation>對方不認得本機的節點。請對方登錄本機節點的 AE title、位址與連接埠，或改選 C-GET。</translation>
    </message>
    <message>
        <source>It does not know this user or this password.</source>
        <translation>對方不認得這個使用者或密碼。</translation>
    </message>
    <message>
        <source>It does not offer C-GET. Choose C-MOVE in the settings, if it knows the node here.</source>
        <translation>對方不提供 C-GET。若對方已登錄本機的節點，請在設定中改選 C-MOVE。</translation>
    </message>
    <message>
        <source>It does not offer C-MOVE. Choose C-GET in the settings.</source>
        <translation>對方不提供 C-MOVE。請在設定中改選 C-GET。</translation>
    </message>
    <message>
        <source>It does not offer queries (C-FIND).</source>
        <translation>對方不提供查詢（C-FIND）。</translation>
    </message>
    <message>
        <source>It does not offer this service.</source>
        <translation>對方不提供這項服務。</translation>
    </message>
    <message>
        <source>It does not speak TLS on this port, or none that is safe.</source>
        <translation>對方在這個連接埠不使用 TLS，或使用的版本不安全。</translation>
    </message>
    <message>
        <source>It does not take objects of these kinds.</source>
        <translation>對方不接受這些類別的物件。</translation>
    </message>
    <message>
        <source>It does not take objects of this kind, or not compressed in this way.</source>
        <translation>對方不接受此類物件，或不接受此種壓縮方式。</translation>
    </message>
    <message>
        <source>It does not take objects of this kind.</source>
        <translation>對方不接受此類物件。</translation>
    </message>
    <message>
        <source>It does not take objects of this size.</source>
        <translation>對方不接受這麼大的物件。</translation>
    </message>
    <message>
        <source>It does not take results (C-STORE).</source>
        <translation>對方不接收結果（C-STORE）。</translation>
    </message>
    <message>
        <source>It does not understand this object. Have its log looked at.</source>
        <translation>對方無法解讀此物件。請查看對方的記錄檔。</translation>
    </message>
    <message>
        <source>It does not understand this question.</source>
        <translation>對方不理解這項查詢。</translation>
    </message>
    <message>
        <source>It hands out no images of these kinds by C-GET. Choose C-MOVE in the settings, if it knows the node here.</source>
        <translation>對方不以 C-GET 提供這類影像。若對方已登錄本機的節點，請在設定中改選 C-MOVE。</translation>
    </message>
    <message>
        <source>It has a fault of its own. Try again later, or have its log looked at.</source>
        <translation>對方本身發生錯誤。請稍後再試，或請對方管理員查看記錄檔。</translation>
    </message>
    <message>
        <source>It has accepted all {objects}.</source>
        <translation>對方已全部接受（{objects} 個）。</translation>
    </message>
    <message>
        <source>It has accepted it.</source>
        <translation>對方已接受。</translation>
    </message>
    <message>
        <source>It has answered.</source>
        <translation>對方已回覆。</translation>
    </message>
    <message>
        <source>It has as many connections as it allows. Try again later, or have its limit raised.</source>
        <translation>對方的連線數已達上限。請稍後再試，或請對方提高上限。</translation>
    </message>
    <message>
        <source>It has changed or left out a part of it, which its log names.</source>
        <translation>對方已接受，但更改或略去其中一部分，詳見對方的記錄檔。</translation>
    </message>
    <message>
        <source>It has changed or left out a part of {warned} of {objects} objects, which its log names.</source>
        <translation>對方更改或略去 {objects} 個物件中 {warned} 個的一部分，詳見對方的記錄檔。</translation>
    </message>
    <message>
        <source>It has more studies than are shown. Narrow the search, by days or by patient.</source>
        <translation>對方的檢查多於所列。請以日期或病人縮小搜尋範圍。</translation>
    </message>
    <message>
        <source>It has more studies than can be listed, and does not stop when it is told to. Narrow the search.</source>
        <translation>符合的檢查超出可列出的數量，且該系統未依要求停止。請縮小查詢範圍。</translation>
    </message>
    <message>
        <source>It has no image of this study that this program reads.</source>
        <translation>這筆檢查在對方沒有本程式可讀取的影像。</translation>
    </message>
    <message>
        <source>It holds more drawings than are shown.</source>
        <translation>它的圖形比顯示出來的多。</translation>
    </message>
    <message>
        <source>It is an image of an animal.</source>
        <translation>這是動物的影像。</translation>
    </message>
    <message>
        <source>It is asked too often. Try again later.</source>
        <translation>對方收到的要求過於頻繁。請稍後再試。</translation>
    </message>
    <message>
        <source>It is looked for again every few seconds; the import goes on when it is back.</source>
        <translation>每隔幾秒會再找一次；恢復後會繼續匯入。</translation>
    </message>
    <message>
        <source>It is meant for an image stored in grey and this one is stored in colour; its window is not applied.</source>
        <translation>它是為以灰階儲存的影像而設，而此影像以彩色儲存；其窗值未套用。</translation>
    </message>
    <message>
        <source>It is no DICOM file.</source>
        <translation>這不是 DICOM 檔案。</translation>
    </message>
    <message>
        <source>It is no JSON.</source>
        <translation>它不是 JSON。</translation>
    </message>
    <message>
        <source>It is not sure which bits of the file hold its grey values.</source>
        <translation>無法確定檔案的哪些位元存放其灰階值。</translation>
    </message>
    <message>
        <source>It is reduced to {size} pixels a side; the {low}th and {high}th percentile become black and white.</source>
        <translation>縮小為每邊 {size} 像素；第 {low} 與第 {high} 百分位成為黑與白。</translation>
    </message>
    <message>
        <source>It is short of memory or disk.</source>
        <translation>對方的記憶體或磁碟空間不足。</translation>
    </message>
    <message>
        <source>It is short of memory or disk. Try again later.</source>
        <translation>對方的記憶體或磁碟空間不足。請稍後再試。</translation>
    </message>
    <message>
        <source>It is started again by itself; if it fails again, send the log file.</source>
        <translation>程式會自動重新啟動它；若再次失敗，請寄送記錄檔。</translation>
    </message>
    <message>
        <source>It is too busy now, and asks to be called again later.</source>
        <translation>對方目前忙碌，請稍後再連線。</translation>
    </message>
    <message>
        <source>It is tried again by itself.</source>
        <translation>程式會自動再試。</translation>
    </message>
    <message>
        <source>It names a window function that does not exist; a straight one is used.</source>
        <translation>它指定的窗值函數不存在；改用線性函數。</translation>
    </message>
    <message>
        <source>It offers nothing that this program needs.</source>
        <translation>對方不提供本程式所需的任何服務。</translation>
    </message>
    <message>
        <source>It points to another address, which is not followed. Enter that address, if it is right.</source>
        <translation>對方指向另一個位址，本程式不會跟隨。若該位址正確，請輸入該位址。</translation>
    </message>
    <message>
        <source>It refused the connection for now. Try again later.</source>
        <translation>對方目前拒絕連線。請稍後再試。</translation>
    </message>
    <message>
        <source>It refused the connection without a reason. Have it looked up in its log: it may not know this program.</source>
        <translation>對方拒絕連線，未說明原因。請對方管理員查看記錄檔：可能尚未登錄本程式。</translation>
    </message>
    <message>
        <source>It rescales the image&apos;s values otherwise than the image does; its window was converted.</source>
        <translation>它對影像數值的重新縮放與影像本身不同；其窗值已換算。</translation>
    </message>
    <message>
        <source>It says that it has sent the images, and they did not arrive. Has it the right address of the node here, and is it listed there as a caller?</source>
        <translation>對方表示已送出影像，但影像未送達。對方登錄的本機節點位址是否正確？本機節點是否已將對方列為允許的呼叫端？</translation>
    </message>
    <message>
        <source>It says that this object does not fit its kind. Have its log looked at.</source>
        <translation>對方表示此物件與其類別不符。請查看對方的記錄檔。</translation>
    </message>
    <message>
        <source>It says that this object is not valid. Have its log looked at.</source>
        <translation>對方表示此物件無效。請查看對方的記錄檔。</translation>
    </message>
    <message>
        <source>It sent another image than it was asked for.</source>
        <translation>對方送來的影像不是所要求的影像。</translation>
    </message>
    <message>
        <source>It speaks another protocol on this port: the application context is not supported there.</source>
        <translation>對方在這個連接埠使用另一種協定：不支援此 application context。</translation>
    </message>
    <message>
        <source>It speaks another version of the DICOM protocol.</source>
        <translation>對方使用另一版本的 DICOM 協定。</translation>
    </message>
    <message>
        <source>It stopped answering in the middle. Try again; if it happens again, have its log looked at.</source>
        <translation>對方中途停止回應。請再試一次；若再發生，請對方管理員查看記錄檔。</translation>
    </message>
    <message>
        <source>It subtracts a mask from the image, which is not done here.</source>
        <translation>它要從影像減去遮罩影像，此處不做這項處理。</translation>
    </message>
    <message>
        <source>It was stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>It will not answer so wide a question. Narrow it, by days or by patient.</source>
        <translation>查詢範圍過大，對方不予回覆。請以日期或病人縮小範圍。</translation>
    </message>
    <message>
        <source>Its answer makes no sense. Have its log looked at.</source>
        <translation>對方的回覆不合理。請對方管理員查看記錄檔。</translation>
    </message>
    <message>
        <source>Its certificate has expired, or is not valid yet.</source>
        <translation>對方的憑證已過期，或尚未生效。</translation>
    </message>
    <message>
        <source>Its certificate is made out for another host. Enter the host as it stands in the certificate.</source>
        <translation>對方的憑證屬於另一台主機。請輸入憑證上所載的主機名稱。</translation>
    </message>
    <message>
        <source>Its certificate is not trusted. Name the authority that signed it in the settings.</source>
        <translation>對方的憑證不受信任。請在設定中指定簽發該憑證的憑證機構。</translation>
    </message>
    <message>
        <source>Its description has the name of an animal in it.</source>
        <translation>其描述中含有一種動物的名稱。</translation>
    </message>
    <message>
        <source>Its description has words that are not known here.</source>
        <translation>其描述中有本程式不認得的字詞。</translation>
    </message>
    <message>
        <source>Its description names a frontal and a lateral view, and nothing says which of them it is.</source>
        <translation>其描述同時指出正面像與側面像，但沒有說明這是哪一張。</translation>
    </message>
    <message>
        <source>Its description names a lateral view.</source>
        <translation>其描述指出這是側面像。</translation>
    </message>
    <message>
        <source>Its description names an oblique view.</source>
        <translation>其描述指出這是斜位像。</translation>
    </message>
    <message>
        <source>Its description names an unusual position.</source>
        <translation>其描述指出了不尋常的拍攝姿勢。</translation>
    </message>
    <message>
        <source>Its description names another part of the body.</source>
        <translation>其描述指出的是身體的另一個部位。</translation>
    </message>
    <message>
        <source>Its displayed area is damaged; the whole image is shown.</source>
        <translation>它的顯示區域已損壞；改為顯示整張影像。</translation>
    </message>
    <message>
        <source>Its file belongs to another patient or study than it did when it was put in the outbox. It was not sent.</source>
        <translation>檔案所屬的病人或檢查與放入傳送匣時不同，因此未傳送。</translation>
    </message>
    <message>
        <source>Its file is gone, or cannot be read.</source>
        <translation>檔案已不存在或無法讀取。</translation>
    </message>
    <message>
        <source>Its grey values may not be as the file means them.</source>
        <translation>其灰階值可能與檔案的原意不符。</translation>
    </message>
    <message>
        <source>Its header does not say what it is, or of which study.</source>
        <translation>標頭未說明其類別或所屬檢查。</translation>
    </message>
    <message>
        <source>Its header is damaged.</source>
        <translation>標頭已損壞。</translation>
    </message>
    <message>
        <source>Its header says two things of what it is.</source>
        <translation>標頭對其類別的說明自相矛盾。</translation>
    </message>
    <message>
        <source>Its host name is not known. Compare it with the one that its administrator names.</source>
        <translation>找不到這個主機名稱。請與對方管理員提供的名稱核對。</translation>
    </message>
    <message>
        <source>Its modality LUT and the image&apos;s cannot be brought together; its window is not applied.</source>
        <translation>它的 Modality 對照表與影像的無法互相對應；其窗值未套用。</translation>
    </message>
    <message>
        <source>Its presentation table is damaged and is not applied.</source>
        <translation>它的呈現對照表已損壞，未予套用。</translation>
    </message>
    <message>
        <source>Its shutter hides most of it.</source>
        <translation>其遮罩遮住了大部分影像。</translation>
    </message>
    <message>
        <source>Its window makes no sense and is not applied.</source>
        <translation>它的窗值不合理，未套用。</translation>
    </message>
    <message>
        <source>JPEG 2000</source>
        <translation>JPEG 2000</translation>
    </message>
    <message>
        <source>JPEG XL</source>
        <translation>JPEG XL</translation>
    </message>
    <message>
        <source>Judge it when it has its score.</source>
        <translation>請在評分完成後再作判斷。</translation>
    </message>
    <message>
        <source>Key image note (DICOM)</source>
        <translation>關鍵影像註記（DICOM）</translation>
    </message>
    <message>
        <source>Listening as {ae_title} on {shown} port {port}.</source>
        <translation>正以 {ae_title} 之名在 {shown} 的連接埠 {port} 接收。</translation>
    </message>
    <message>
        <source>Look at it, then try again.</source>
        <translation>請檢查後再試一次。</translation>
    </message>
    <message>
        <source>Look at its address and its port.</source>
        <translation>請檢查其位址與連接埠。</translation>
    </message>
    <message>
        <source>Look at its permissions and its disk.</source>
        <translation>請檢查其權限與磁碟。</translation>
    </message>
    <message>
        <source>Look at its permissions; until then nothing is sent, fetched or listened to.</source>
        <translation>請檢查其權限；在此之前不傳送、不擷取，也不接受連線。</translation>
    </message>
    <message>
        <source>Look at its queue.</source>
        <translation>請查看其列印佇列。</translation>
    </message>
    <message>
        <source>Look at the disk, then change them once more.</source>
        <translation>請檢查磁碟，然後再更改一次。</translation>
    </message>
    <message>
        <source>Look whether it is there, or choose another one.</source>
        <translation>請確認印表機是否可用，或選擇另一台。</translation>
    </message>
    <message>
        <source>Look whether it was damaged on its way here.</source>
        <translation>請確認檔案是否在傳輸途中損壞。</translation>
    </message>
    <message>
        <source>Mark it read to go past it.</source>
        <translation>請標為已判讀以略過它。</translation>
    </message>
    <message>
        <source>Name PEM files: its certificate, its key without a password, the authority of those who may connect.</source>
        <translation>請指定 PEM 檔案：節點的憑證、不含密碼的金鑰，以及允許連線者的憑證授權單位。</translation>
    </message>
    <message>
        <source>Name another with --settings.</source>
        <translation>請以 --settings 指定其他檔案。</translation>
    </message>
    <message>
        <source>No key image note was written of images whose finding no reader has accepted and whose score is not high.</source>
        <translation>發現未經判讀者接受且分數不高的影像，未寫出其關鍵影像註記。</translation>
    </message>
    <message>
        <source>No node is configured here.</source>
        <translation>此處尚未設定節點。</translation>
    </message>
    <message>
        <source>No other study was looked at before this one.</source>
        <translation>在此之前沒有看過其他檢查。</translation>
    </message>
    <message>
        <source>No password is kept for this user. Enter it in the settings, or by squid peers --password.</source>
        <translation>未保存這個使用者的密碼。請在設定中輸入，或使用 squid peers --password。</translation>
    </message>
    <message>
        <source>No such system is configured.</source>
        <translation>未設定這個系統。</translation>
    </message>
    <message>
        <source>No system of that name is configured to which results go.</source>
        <translation>設定中沒有可接收結果的同名系統。</translation>
    </message>
    <message>
        <source>No way leads to its address. Look at the network, a VPN and the firewalls between.</source>
        <translation>無法連到對方的位址。請檢查網路、VPN 與中間的防火牆。</translation>
    </message>
    <message>
        <source>Nobody listens there: the port is closed. Is it running, and is the port right?</source>
        <translation>該處不接受連線：連接埠已關閉。對方是否執行中？連接埠是否正確？</translation>
    </message>
    <message>
        <source>Not all results can be sent.</source>
        <translation>部分結果無法傳送。</translation>
    </message>
    <message>
        <source>Nothing is lost; the work on its images goes on by itself when they can be read.</source>
        <translation>不會遺失任何內容；其中的影像可讀取時，會自動繼續處理。</translation>
    </message>
    <message>
        <source>Nothing listens any more.</source>
        <translation>已停止接受連線。</translation>
    </message>
    <message>
        <source>Nothing that may be shown was drawn on an image without a score; no presentation state was written of it.</source>
        <translation>未評分的影像上沒有可顯示的標記；未寫出其呈現狀態。</translation>
    </message>
    <message>
        <source>Nothing was printed.</source>
        <translation>沒有列印任何內容。</translation>
    </message>
    <message>
        <source>Nothing was sent.</source>
        <translation>未傳送任何內容。</translation>
    </message>
    <message>
        <source>One decoder refuses this picture; it is shown as another reads it.</source>
        <translation>一個解碼器拒絕此影像；目前依另一個解碼器讀出的結果顯示。</translation>
    </message>
    <message>
        <source>Only of accepted findings and of high scores.</source>
        <translation>僅限已接受的發現與高分影像。</translation>
    </message>
    <message>
        <source>Open its folder again to have it offered as what it is.</source>
        <translation>請重新開啟其資料夾，以便依其實際內容提供。</translation>
    </message>
    <message>
        <source>Open its folder again.</source>
        <translation>請重新開啟其資料夾。</translation>
    </message>
    <message>
        <source>Open its folder instead.</source>
        <translation>請改為開啟其所在資料夾。</translation>
    </message>
    <message>
        <source>Passwords are kept nowhere else: set one up, or use a system that asks for none.</source>
        <translation>密碼不會保存在其他地方：請設定金鑰圈，或使用不需密碼的系統。</translation>
    </message>
    <message>
        <source>Presentation state over the original.</source>
        <translation>疊於原始影像上的呈現狀態。</translation>
    </message>
    <message>
        <source>Presentation states that were lost, so open their folders again: {count}.</source>
        <translation>遺失的呈現狀態，請重新開啟其資料夾：{count}。</translation>
    </message>
    <message>
        <source>Put the file or its medium back, and the image is shown by itself. If it lies at another place now, locate it.</source>
        <translation>請放回檔案或其媒體，影像便會自動顯示。若檔案現在位於別處，請指定其位置。</translation>
    </message>
    <message>
        <source>Raise the limit in the network settings.</source>
        <translation>請在網路設定中提高上限。</translation>
    </message>
    <message>
        <source>Set an AE title and a port in the network settings.</source>
        <translation>請在網路設定中設定 AE title 與連接埠。</translation>
    </message>
    <message>
        <source>Some images did not come. Fetch the study again: what is here is not fetched twice.</source>
        <translation>部分影像未送達。請再次擷取此檢查：已擷取的影像不會重複擷取。</translation>
    </message>
    <message>
        <source>Some names are still shown as they were read before.</source>
        <translation>有些姓名仍以先前讀取的方式顯示。</translation>
    </message>
    <message>
        <source>Some of its drawings are compound graphics without a plain form and are not shown.</source>
        <translation>它的部分圖形是沒有簡單形式的複合圖形，未顯示。</translation>
    </message>
    <message>
        <source>Some of its drawings are damaged and are not shown.</source>
        <translation>它的部分圖形已損壞，未顯示。</translation>
    </message>
    <message>
        <source>Some of its drawings are of a kind that is not known here and are not shown.</source>
        <translation>它的部分圖形屬於此處不認識的種類，未顯示。</translation>
    </message>
    <message>
        <source>Some of the missing files were not found in that folder.</source>
        <translation>在該資料夾中找不到部分遺失的檔案。</translation>
    </message>
    <message>
        <source>Some text of this file cannot be read for sure in its character set, so a code stands for it. If you know in which one it was written, choose that as the default character set, in the settings or with --charset.</source>
        <translation>此檔案中有些文字無法依其字元集確實讀取，因此以代碼代替。如果您知道它是以哪一種字元集寫成，請在設定中或以 --charset 選擇它作為預設字元集。</translation>
    </message>
    <message>
        <source>Something happened over it that was not foreseen. Try again, or have its log looked at.</source>
        <translation>過程中發生未預期的情況。請再試一次，或請對方管理員查看記錄檔。</translation>
    </message>
    <message>
        <source>Something listens there that did not take up the conversation: is it a DICOM port, and is TLS wanted there or not?</source>
        <translation>該處接受了連線，但未開始交談：這是 DICOM 連接埠嗎？對方是否要求 TLS？</translation>
    </message>
    <message>
        <source>Start it again.</source>
        <translation>請重新啟動。</translation>
    </message>
    <message>
        <source>Stopped. Fetch it again to go on.</source>
        <translation>已停止。再次擷取即可繼續。</translation>
    </message>
    <message>
        <source>Structured report: score, marks, judgement.</source>
        <translation>結構化報告：分數、標記、判斷。</translation>
    </message>
    <message>
        <source>Text is read as {name}, which the file does not state.</source>
        <translation>文字以 {name} 讀取，檔案並未如此標示。</translation>
    </message>
    <message>
        <source>The called AE title is not known there. Compare the AE title with the one that its administrator names.</source>
        <translation>對方不認得被呼叫端（called）AE title。請與對方管理員提供的 AE title 核對。</translation>
    </message>
    <message>
        <source>The calling AE title is not known there. Have the AE title and address of this program entered there.</source>
        <translation>對方不認得呼叫端（calling）AE title。請對方登錄本程式的 AE title 與位址。</translation>
    </message>
    <message>
        <source>The certificates in the settings cannot be read, or certificate and key do not belong together.</source>
        <translation>無法讀取設定中的憑證，或憑證與金鑰不相符。</translation>
    </message>
    <message>
        <source>The certificates of the node cannot be read.</source>
        <translation>無法讀取節點的憑證。</translation>
    </message>
    <message>
        <source>The compressed picture is cut short: its end is missing.</source>
        <translation>壓縮影像不完整：缺少結尾。</translation>
    </message>
    <message>
        <source>The disk of the incoming folder is full.</source>
        <translation>接收資料夾所在的磁碟已滿。</translation>
    </message>
    <message>
        <source>The file has a shutter: the detector reads nothing outside of the rectangle round what it leaves.</source>
        <translation>檔案帶有遮罩：偵測模型不讀取遮罩所留部分的外接矩形以外的任何內容。</translation>
    </message>
    <message>
        <source>The file is said to be deflated and is not; it is read as it is.</source>
        <translation>檔案標示為 deflate 壓縮但並非如此；將依其原樣讀取。</translation>
    </message>
    <message>
        <source>The file is too large to be held in memory.</source>
        <translation>檔案太大，無法放入記憶體。</translation>
    </message>
    <message>
        <source>The file names another part of the body beside the chest.</source>
        <translation>除胸部外，檔案還標示了身體的另一個部位。</translation>
    </message>
    <message>
        <source>The file names more than one view.</source>
        <translation>檔案標示了不只一種照射方向。</translation>
    </message>
    <message>
        <source>The file of this image is no longer there.</source>
        <translation>此影像的檔案已不存在。</translation>
    </message>
    <message>
        <source>The file stores a grey picture in colour; it is shown in grey.</source>
        <translation>檔案以彩色儲存灰階影像；此處以灰階顯示。</translation>
    </message>
    <message>
        <source>The file&apos;s VOI table is shorter than it states; its picture needs no more of it.</source>
        <translation>檔案的 VOI 對照表比其標示的短；影像所需的部分皆在其中。</translation>
    </message>
    <message>
        <source>The file&apos;s VOI table uses {used} bits where it states {bits}; it is shown in those that it uses.</source>
        <translation>檔案的 VOI 對照表使用 {used} 位元，卻標示 {bits}；以實際使用的位元顯示。</translation>
    </message>
    <message>
        <source>The file&apos;s modality table is shorter than it states; its picture needs no more of it.</source>
        <translation>檔案的 Modality 對照表比其標示的短；影像所需的部分皆在其中。</translation>
    </message>
    <message>
        <source>The file&apos;s modality table uses {used} bits where it states {bits}; all are read.</source>
        <translation>檔案的 Modality 對照表使用 {used} 位元，卻標示 {bits}；已全部讀取。</translation>
    </message>
    <message>
        <source>The file&apos;s shutter makes no sense and is not applied.</source>
        <translation>檔案的遮罩沒有意義，未予套用。</translation>
    </message>
    <message>
        <source>The file&apos;s shutter would hide the whole picture and is not applied.</source>
        <translation>檔案的遮罩會遮住整張影像，未予套用。</translation>
    </message>
    <message>
        <source>The file&apos;s window is meant for other grey values than those shown; the full range is shown.</source>
        <translation>檔案的窗值適用於其他灰階值，而非目前顯示者；顯示完整範圍。</translation>
    </message>
    <message>
        <source>The file&apos;s window is too narrow for its function; it is drawn straight from edge to edge.</source>
        <translation>檔案的窗值對其函數而言過窄；改以兩端之間的直線顯示。</translation>
    </message>
    <message>
        <source>The first of four is 1/4, the last 4/4.</source>
        <translation>四份中的第一份為 1/4，最後一份為 4/4。</translation>
    </message>
    <message>
        <source>The folder of what comes over the network cannot be reached.</source>
        <translation>無法存取網路接收資料夾。</translation>
    </message>
    <message>
        <source>The folder of what comes over the network is back.</source>
        <translation>網路接收資料夾已恢復。</translation>
    </message>
    <message>
        <source>The grey values lie higher in their bits than the header says; they are read where they lie.</source>
        <translation>灰階值在其位元中的位置比標頭所述更高；依實際位置讀取。</translation>
    </message>
    <message>
        <source>The grey values lie lower in their bits than the header says; they are read where they lie.</source>
        <translation>灰階值在其位元中的位置比標頭所述更低；依實際位置讀取。</translation>
    </message>
    <message>
        <source>The header calls the picture uncompressed; it lies there in pieces of a kind that is not known.</source>
        <translation>標頭稱影像未壓縮；但影像以未知類型的片段存放。</translation>
    </message>
    <message>
        <source>The header calls the picture {said}; it is neither that nor of the length of an uncompressed one.</source>
        <translation>標頭稱影像為{said}；但它既不是，長度也不符未壓縮影像。</translation>
    </message>
    <message>
        <source>The header calls the picture {said}; it is {found} and is read as that.</source>
        <translation>標頭稱影像為{said}；實際上是{found}，並依此讀取。</translation>
    </message>
    <message>
        <source>The header&apos;s {keyword} is not a whole number.</source>
        <translation>標頭的 {keyword} 不是整數。</translation>
    </message>
    <message>
        <source>The header&apos;s {keyword} is not written as the standard says; it is read as {read}.</source>
        <translation>標頭的 {keyword} 未依標準的寫法；讀為 {read}。</translation>
    </message>
    <message>
        <source>The image&apos;s file has changed since it was read.</source>
        <translation>影像檔案自讀取後已變更。</translation>
    </message>
    <message>
        <source>The incoming folder cannot be written.</source>
        <translation>無法寫入接收資料夾。</translation>
    </message>
    <message>
        <source>The incoming folder is gone.</source>
        <translation>接收資料夾不見了。</translation>
    </message>
    <message>
        <source>The length of the picture runs past the end of the file.</source>
        <translation>影像的長度超出檔案結尾。</translation>
    </message>
    <message>
        <source>The missing files were found.</source>
        <translation>已找到遺失的檔案。</translation>
    </message>
    <message>
        <source>The missing files were not found in that folder.</source>
        <translation>在該資料夾中找不到遺失的檔案。</translation>
    </message>
    <message>
        <source>The network failed. Try again.</source>
        <translation>網路發生錯誤。請再試一次。</translation>
    </message>
    <message>
        <source>The network settings are damaged.</source>
        <translation>網路設定已損壞。</translation>
    </message>
    <message>
        <source>The network settings cannot be read.</source>
        <translation>無法讀取網路設定。</translation>
    </message>
    <message>
        <source>The network settings could not be saved.</source>
        <translation>無法儲存網路設定。</translation>
    </message>
    <message>
        <source>The network&apos;s record cannot be read or written.</source>
        <translation>無法讀寫網路紀錄。</translation>
    </message>
    <message>
        <source>The network&apos;s record could not be used.</source>
        <translation>無法使用網路紀錄。</translation>
    </message>
    <message>
        <source>The node cannot listen.</source>
        <translation>節點無法接受連線。</translation>
    </message>
    <message>
        <source>The node has stopped listening.</source>
        <translation>節點已停止接受連線。</translation>
    </message>
    <message>
        <source>The node was stopped.</source>
        <translation>節點已停止。</translation>
    </message>
    <message>
        <source>The other system could not be asked. Try again.</source>
        <translation>無法向另一個系統查詢。請再試一次。</translation>
    </message>
    <message>
        <source>The other system did not finish in time.</source>
        <translation>另一個系統未在時限內完成。</translation>
    </message>
    <message>
        <source>The overlays of a file are left out: they may show a name.</source>
        <translation>檔案的疊加圖層已略去：其中可能顯示姓名。</translation>
    </message>
    <message>
        <source>The password was kept in the system&apos;s key ring.</source>
        <translation>密碼已存入系統的金鑰圈。</translation>
    </message>
    <message>
        <source>The password was removed from the system&apos;s key ring.</source>
        <translation>密碼已從系統的金鑰圈移除。</translation>
    </message>
    <message>
        <source>The picture is JPEG XL, compressed in a way this program does not read, or its bytes are wrong.</source>
        <translation>影像為 JPEG XL，其壓縮方式本程式無法讀取，或其位元組有誤。</translation>
    </message>
    <message>
        <source>The picture is damaged, or packed in a way this program does not read.</source>
        <translation>圖片已損壞，或以本程式無法讀取的方式壓縮。</translation>
    </message>
    <message>
        <source>The picture is grey, and stored as one in colour.</source>
        <translation>影像是灰階的，卻以彩色儲存。</translation>
    </message>
    <message>
        <source>The picture is written or compressed in a way this program does not read.</source>
        <translation>影像的寫入或壓縮方式為本程式無法讀取者。</translation>
    </message>
    <message>
        <source>The picture is written or compressed in a way this program does not read: {name}.</source>
        <translation>影像的寫入或壓縮方式為本程式無法讀取者：{name}。</translation>
    </message>
    <message>
        <source>The picture should lie in pieces; none begins where the first should.</source>
        <translation>影像應以片段存放；但第一個片段應在之處沒有任何片段。</translation>
    </message>
    <message>
        <source>The picture uses {used} bits where its header says {bits}; all are read.</source>
        <translation>影像使用 {used} 位元，標頭則標示 {bits}；已全部讀取。</translation>
    </message>
    <message>
        <source>The picture&apos;s pieces do not end as they should; what follows them in the file is not read.</source>
        <translation>影像的片段未正確結束；檔案中其後的內容不會讀取。</translation>
    </message>
    <message>
        <source>The port is taken by another program.</source>
        <translation>連接埠已被其他程式占用。</translation>
    </message>
    <message>
        <source>The process that listens has failed.</source>
        <translation>負責接受連線的程序發生錯誤。</translation>
    </message>
    <message>
        <source>The process that speaks to other systems has failed.</source>
        <translation>與其他系統通訊的程序發生錯誤。</translation>
    </message>
    <message>
        <source>The program is being closed.</source>
        <translation>程式正在關閉。</translation>
    </message>
    <message>
        <source>The results are on their way.</source>
        <translation>結果正在傳送中。</translation>
    </message>
    <message>
        <source>The results could not be put in the outbox.</source>
        <translation>結果無法放入傳送匣。</translation>
    </message>
    <message>
        <source>The search was stopped.</source>
        <translation>搜尋已停止。</translation>
    </message>
    <message>
        <source>The shutter of the file is a bitmap, which the presentation state leaves out.</source>
        <translation>檔案的遮罩為點陣圖，呈現狀態中不包含它。</translation>
    </message>
    <message>
        <source>The study is here.</source>
        <translation>檢查已擷取。</translation>
    </message>
    <message>
        <source>The system does not give this port to a user&apos;s program.</source>
        <translation>系統不允許一般使用者的程式使用此連接埠。</translation>
    </message>
    <message>
        <source>The system&apos;s key ring does not answer as it should.</source>
        <translation>系統的金鑰圈未正常回應。</translation>
    </message>
    <message>
        <source>The system&apos;s key ring is locked.</source>
        <translation>系統的金鑰圈已鎖定。</translation>
    </message>
    <message>
        <source>Their files could not be read. A file is read again when its image is opened.</source>
        <translation>無法讀取它們的檔案。開啟影像時會重新讀取其檔案。</translation>
    </message>
    <message>
        <source>There are no DICOMweb services at this address. Compare it with the one that its administrator names.</source>
        <translation>這個位址沒有 DICOMweb 服務。請與對方管理員提供的位址核對。</translation>
    </message>
    <message>
        <source>There are no such weights.</source>
        <translation>沒有這組權重。</translation>
    </message>
    <message>
        <source>There is no process to listen with.</source>
        <translation>沒有可接受連線的程序。</translation>
    </message>
    <message>
        <source>There is no such file of network settings.</source>
        <translation>沒有這個網路設定檔。</translation>
    </message>
    <message>
        <source>There is no such memory entry.</source>
        <translation>沒有這個記憶條目。</translation>
    </message>
    <message>
        <source>There is no such part.</source>
        <translation>沒有這一份。</translation>
    </message>
    <message>
        <source>There is no such patch: there are {grid}.</source>
        <translation>沒有這個區塊：共有 {grid} 個。</translation>
    </message>
    <message>
        <source>These actions have the program&apos;s own keys; Help, Keys and mouse shows and changes them.</source>
        <translation>這些功能使用程式預設的按鍵；可在「說明 &gt; 按鍵與滑鼠」中查看與變更。</translation>
    </message>
    <message>
        <source>They have been left out; please measure again.</source>
        <translation>已略過這些結果；請重新測量。</translation>
    </message>
    <message>
        <source>They stay on the screen until the program closes. Check that the disk is not full.</source>
        <translation>程式關閉前仍會顯示在畫面上。請確認磁碟未滿。</translation>
    </message>
    <message>
        <source>They were left out, so open their folders again: {left_out}.</source>
        <translation>已略過這些影像，請重新開啟其資料夾：{left_out}。</translation>
    </message>
    <message>
        <source>This could not be done.</source>
        <translation>無法完成此操作。</translation>
    </message>
    <message>
        <source>This file cannot be opened.</source>
        <translation>無法開啟此檔案。</translation>
    </message>
    <message>
        <source>This file cannot be read from its disk.</source>
        <translation>無法從磁碟讀取此檔案。</translation>
    </message>
    <message>
        <source>This file cannot be written anew: its header is damaged.</source>
        <translation>此檔案無法重新寫入：其標頭已損壞。</translation>
    </message>
    <message>
        <source>This file has changed since it was read.</source>
        <translation>此檔案在讀取後有變更。</translation>
    </message>
    <message>
        <source>This file holds no grayscale presentation state.</source>
        <translation>此檔案不含灰階呈現狀態。</translation>
    </message>
    <message>
        <source>This file in a zip archive bears a name that leads out of the archive; it is not opened.</source>
        <translation>zip 壓縮檔中此檔案的名稱指向壓縮檔之外；不予開啟。</translation>
    </message>
    <message>
        <source>This file in a zip archive is damaged.</source>
        <translation>zip 壓縮檔中的此檔案已損壞。</translation>
    </message>
    <message>
        <source>This file in a zip archive is locked with a password.</source>
        <translation>zip 壓縮檔中的此檔案以密碼保護。</translation>
    </message>
    <message>
        <source>This file in a zip archive is packed in a way that is not read.</source>
        <translation>zip 壓縮檔中的此檔案以無法讀取的方式壓縮。</translation>
    </message>
    <message>
        <source>This file in a zip archive is shorter than the archive says.</source>
        <translation>zip 壓縮檔中的此檔案比壓縮檔所載更短。</translation>
    </message>
    <message>
        <source>This file is damaged in a way that was not foreseen.</source>
        <translation>此檔案以未預期的方式損壞。</translation>
    </message>
    <message>
        <source>This file is no longer in its zip archive.</source>
        <translation>此檔案已不在其 zip 壓縮檔中。</translation>
    </message>
    <message>
        <source>This file is still being written to. Open it again when it is complete.</source>
        <translation>此檔案仍在寫入中。請在完整後再次開啟。</translation>
    </message>
    <message>
        <source>This file is still being written.</source>
        <translation>此檔案仍在寫入中。</translation>
    </message>
    <message>
        <source>This file or folder cannot be found.</source>
        <translation>找不到此檔案或資料夾。</translation>
    </message>
    <message>
        <source>This folder holds no model card.</source>
        <translation>此資料夾沒有模型卡。</translation>
    </message>
    <message>
        <source>This image could not be analysed.</source>
        <translation>無法分析此影像。</translation>
    </message>
    <message>
        <source>This image resembles nothing in the detector&apos;s memory: the score means little here.</source>
        <translation>此影像與偵測模型記憶中的任何內容都不相似：此處的分數參考價值低。</translation>
    </message>
    <message>
        <source>This image was not scored; there is no result to write.</source>
        <translation>此影像未評分；沒有可寫出的結果。</translation>
    </message>
    <message>
        <source>This is done once and takes a minute at most; the worklist appears when it is done.</source>
        <translation>只需進行一次，最多一分鐘；完成後即會顯示工作清單。</translation>
    </message>
    <message>
        <source>This machine has no such address.</source>
        <translation>本機沒有這個位址。</translation>
    </message>
    <message>
        <source>This picture could not be laid on the mean normal chest: it was scored as it is, and its score means less.</source>
        <translation>這張影像無法對位到平均的正常胸部：已依原樣評分，分數的參考意義較低。</translation>
    </message>
    <message>
        <source>This presentation state is damaged.</source>
        <translation>此呈現狀態已損壞。</translation>
    </message>
    <message>
        <source>This presentation state is not about the shown image.</source>
        <translation>此呈現狀態與所顯示的影像無關。</translation>
    </message>
    <message>
        <source>This presentation state is too large to be read.</source>
        <translation>此呈現狀態太大，無法讀取。</translation>
    </message>
    <message>
        <source>This result is of other weights.</source>
        <translation>此結果屬於其他權重。</translation>
    </message>
    <message>
        <source>This system has no key ring that can be used.</source>
        <translation>這台電腦沒有可用的金鑰圈。</translation>
    </message>
    <message>
        <source>This system has no user.</source>
        <translation>這個系統未設定使用者。</translation>
    </message>
    <message>
        <source>This system is not one that results go to.</source>
        <translation>此系統未設定為接收結果。</translation>
    </message>
    <message>
        <source>This user is not allowed to do this there.</source>
        <translation>這個使用者在對方沒有這項權限。</translation>
    </message>
    <message>
        <source>This {kind} cannot be read from its disk.</source>
        <translation>無法自磁碟讀取此{kind}。</translation>
    </message>
    <message>
        <source>Those keep their rows and results, but cannot be opened until their files are back.</source>
        <translation>這些影像保留其列與結果，但在檔案恢復前無法開啟。</translation>
    </message>
    <message>
        <source>To pass it on, copy it with the system&apos;s own means.</source>
        <translation>若要轉交，請用系統本身的方式複製。</translation>
    </message>
    <message>
        <source>To read or to print.</source>
        <translation>供閱讀或列印。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>請再試一次。</translation>
    </message>
    <message>
        <source>Try again; if it happens again, send the log file to the maintainers.</source>
        <translation>請再試一次；若再次發生，請將記錄檔寄給維護人員。</translation>
    </message>
    <message>
        <source>Try again; what has come is not fetched or sent twice.</source>
        <translation>請再試一次；已到達的內容不會重複擷取或傳送。</translation>
    </message>
    <message>
        <source>Unlock it, then try again.</source>
        <translation>請解鎖後再試一次。</translation>
    </message>
    <message>
        <source>Unpack it first.</source>
        <translation>請先解壓縮。</translation>
    </message>
    <message>
        <source>Until it is mended nothing is sent, fetched or listened to. Tell your administrator.</source>
        <translation>修復之前，不傳送、不擷取，也不接受連線。請通知您的系統管理員。</translation>
    </message>
    <message>
        <source>Unusual regions (DICOM)</source>
        <translation>不尋常區域（DICOM）</translation>
    </message>
    <message>
        <source>Up to this file its zip archive unpacks to more than {most} GB; no more is opened.</source>
        <translation>其 zip 壓縮檔至此檔案為止解壓縮後超過 {most} GB；其後不再開啟。</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>驗證</translation>
    </message>
    <message>
        <source>Wait for it, or choose another file.</source>
        <translation>請等待其完成，或選擇其他檔案。</translation>
    </message>
    <message>
        <source>Weights that were learned here</source>
        <translation>在此學得的權重</translation>
    </message>
    <message>
        <source>Weights that were learned here are not there any more, or were made by a later version.</source>
        <translation>在此學得的權重已不存在，或由較新版本製作。</translation>
    </message>
    <message>
        <source>What answers there speaks no DICOMweb: it may be a web page or a gateway. Compare the address.</source>
        <translation>該處的回應不是 DICOMweb：可能是網頁或閘道。請核對位址。</translation>
    </message>
    <message>
        <source>What could not be read of it has its default value.</source>
        <translation>無法讀取的項目已改用預設值。</translation>
    </message>
    <message>
        <source>What each set of weights is for, what it was made of, what was measured of it, and what it is not good for.</source>
        <translation>每組權重的用途、由何而來、測得的結果，以及不適用之處。</translation>
    </message>
    <message>
        <source>What is told to be no upright frontal chest</source>
        <translation>被認出不是直立正面胸部的影像</translation>
    </message>
    <message>
        <source>What it is for</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>What it was made of</source>
        <translation>由何而來</translation>
    </message>
    <message>
        <source>What the score is made of</source>
        <translation>分數的組成</translation>
    </message>
    <message>
        <source>What this version cannot read of them has its default value here, and is kept for the later one.</source>
        <translation>本版本無法讀取的部分在此使用預設值，並為較新版本保留。</translation>
    </message>
    <message>
        <source>What was measured</source>
        <translation>測量結果</translation>
    </message>
    <message>
        <source>Whose</source>
        <translation>影像來源</translation>
    </message>
    <message>
        <source>Window and drawings (DICOM)</source>
        <translation>窗值與標記（DICOM）</translation>
    </message>
    <message>
        <source>You are not allowed to read this file.</source>
        <translation>您沒有讀取此檔案的權限。</translation>
    </message>
    <message>
        <source>You are not allowed to read this {kind}.</source>
        <translation>您沒有讀取此{kind}的權限。</translation>
    </message>
    <message>
        <source>Your worklist is safe. If it happens again, send the log file to the maintainers.</source>
        <translation>您的工作清單沒有受損。若再次發生，請將記錄檔寄給維護人員。</translation>
    </message>
    <message>
        <source>a 3D model</source>
        <translation>3D 模型</translation>
    </message>
    <message>
        <source>a 7z archive</source>
        <translation>7z 壓縮檔</translation>
    </message>
    <message>
        <source>a BMP picture</source>
        <translation>BMP 圖片</translation>
    </message>
    <message>
        <source>a CT slice</source>
        <translation>電腦斷層切面</translation>
    </message>
    <message>
        <source>a GIF picture</source>
        <translation>GIF 圖片</translation>
    </message>
    <message>
        <source>a JPEG 2000 picture</source>
        <translation>JPEG 2000 圖片</translation>
    </message>
    <message>
        <source>a JPEG picture</source>
        <translation>JPEG 圖片</translation>
    </message>
    <message>
        <source>a JSON file</source>
        <translation>JSON 檔案</translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation>PDF 文件</translation>
    </message>
    <message>
        <source>a PET image</source>
        <translation>正子造影影像</translation>
    </message>
    <message>
        <source>a PNG picture</source>
        <translation>PNG 圖片</translation>
    </message>
    <message>
        <source>a RAR archive</source>
        <translation>RAR 壓縮檔</translation>
    </message>
    <message>
        <source>a TIFF picture</source>
        <translation>TIFF 圖片</translation>
    </message>
    <message>
        <source>a Windows program</source>
        <translation>Windows 程式</translation>
    </message>
    <message>
        <source>a Windows thumbnail or Office file</source>
        <translation>Windows 縮圖或 Office 檔案</translation>
    </message>
    <message>
        <source>a bone density image</source>
        <translation>骨密度影像</translation>
    </message>
    <message>
        <source>a database</source>
        <translation>資料庫</translation>
    </message>
    <message>
        <source>a deformable registration</source>
        <translation>變形對位資料</translation>
    </message>
    <message>
        <source>a dental image</source>
        <translation>牙科影像</translation>
    </message>
    <message>
        <source>a document</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>a file of another kind</source>
        <translation>其他類型的檔案</translation>
    </message>
    <message>
        <source>a file of zeros</source>
        <translation>內容全為零的檔案</translation>
    </message>
    <message>
        <source>a fluoroscopy image</source>
        <translation>透視攝影影像</translation>
    </message>
    <message>
        <source>a gzip archive</source>
        <translation>gzip 壓縮檔</translation>
    </message>
    <message>
        <source>a key object note</source>
        <translation>關鍵影像註記</translation>
    </message>
    <message>
        <source>a length that the reader knows</source>
        <translation>判讀者已知的長度</translation>
    </message>
    <message>
        <source>a macOS folder file</source>
        <translation>macOS 資料夾檔案</translation>
    </message>
    <message>
        <source>a mammogram</source>
        <translation>乳房攝影影像</translation>
    </message>
    <message>
        <source>a microscope image</source>
        <translation>顯微鏡影像</translation>
    </message>
    <message>
        <source>a nuclear medicine image</source>
        <translation>核子醫學影像</translation>
    </message>
    <message>
        <source>a panoramic dental image</source>
        <translation>全口牙科X光影像</translation>
    </message>
    <message>
        <source>a parametric map, not a radiograph</source>
        <translation>參數圖，不是X光影像</translation>
    </message>
    <message>
        <source>a photograph</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>a presentation state</source>
        <translation>呈現狀態</translation>
    </message>
    <message>
        <source>a program</source>
        <translation>程式</translation>
    </message>
    <message>
        <source>a radiotherapy dose map</source>
        <translation>放射治療劑量圖</translation>
    </message>
    <message>
        <source>a radiotherapy image</source>
        <translation>放射治療影像</translation>
    </message>
    <message>
        <source>a radiotherapy ion plan</source>
        <translation>離子放射治療計畫</translation>
    </message>
    <message>
        <source>a radiotherapy plan</source>
        <translation>放射治療計畫</translation>
    </message>
    <message>
        <source>a radiotherapy structure set</source>
        <translation>放射治療結構集</translation>
    </message>
    <message>
        <source>a radiotherapy treatment record</source>
        <translation>放射治療紀錄</translation>
    </message>
    <message>
        <source>a real world value mapping</source>
        <translation>實際值對應資料</translation>
    </message>
    <message>
        <source>a registration</source>
        <translation>對位資料</translation>
    </message>
    <message>
        <source>a segmentation, not a radiograph</source>
        <translation>分割資料，不是X光影像</translation>
    </message>
    <message>
        <source>a set of spatial fiducials</source>
        <translation>空間基準點資料</translation>
    </message>
    <message>
        <source>a sound or video file</source>
        <translation>聲音或影片檔案</translation>
    </message>
    <message>
        <source>a sound recording</source>
        <translation>錄音</translation>
    </message>
    <message>
        <source>a spatial registration</source>
        <translation>空間對位資料</translation>
    </message>
    <message>
        <source>a structured report</source>
        <translation>結構化報告</translation>
    </message>
    <message>
        <source>a surface segmentation</source>
        <translation>表面分割資料</translation>
    </message>
    <message>
        <source>a text file</source>
        <translation>文字檔</translation>
    </message>
    <message>
        <source>a tractography result</source>
        <translation>神經纖維追蹤結果</translation>
    </message>
    <message>
        <source>a waveform</source>
        <translation>波形資料</translation>
    </message>
    <message>
        <source>a web page</source>
        <translation>網頁</translation>
    </message>
    <message>
        <source>a zip archive</source>
        <translation>zip 壓縮檔</translation>
    </message>
    <message>
        <source>abnormal ones beyond it (sensitivity)</source>
        <translation>超過此線的異常影像（敏感度）</translation>
    </message>
    <message>
        <source>adults, and patients of unknown age</source>
        <translation>成人，以及年齡不明的病人</translation>
    </message>
    <message>
        <source>age unknown, adult assumed</source>
        <translation>年齡不明，視為成人</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>all, by the paper&apos;s score alone</source>
        <translation>全部，僅用論文的分數</translation>
    </message>
    <message>
        <source>an ECG</source>
        <translation>心電圖</translation>
    </message>
    <message>
        <source>an MR image</source>
        <translation>磁振造影影像</translation>
    </message>
    <message>
        <source>an XML file</source>
        <translation>XML 檔案</translation>
    </message>
    <message>
        <source>an angiogram</source>
        <translation>血管攝影影像</translation>
    </message>
    <message>
        <source>an encapsulated 3D model</source>
        <translation>封裝的 3D 模型</translation>
    </message>
    <message>
        <source>an encapsulated PDF document</source>
        <translation>封裝的 PDF 文件</translation>
    </message>
    <message>
        <source>an encapsulated clinical document</source>
        <translation>封裝的臨床文件</translation>
    </message>
    <message>
        <source>an endoscopy image</source>
        <translation>內視鏡影像</translation>
    </message>
    <message>
        <source>an eye image</source>
        <translation>眼科影像</translation>
    </message>
    <message>
        <source>an intravascular ultrasound image</source>
        <translation>血管內超音波影像</translation>
    </message>
    <message>
        <source>an ultrasound image</source>
        <translation>超音波影像</translation>
    </message>
    <message>
        <source>anatomy</source>
        <translation>解剖構造</translation>
    </message>
    <message>
        <source>anterior lower zone</source>
        <translation>前側下肺野</translation>
    </message>
    <message>
        <source>anterior mid zone</source>
        <translation>前側中肺野</translation>
    </message>
    <message>
        <source>anterior upper zone</source>
        <translation>前側上肺野</translation>
    </message>
    <message>
        <source>any</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>as the card says</source>
        <translation>模型卡所載</translation>
    </message>
    <message>
        <source>at detector</source>
        <translation>影像接收器平面</translation>
    </message>
    <message>
        <source>beyond the 95% line</source>
        <translation>超過 95% 線</translation>
    </message>
    <message>
        <source>beyond the line</source>
        <translation>超過此線</translation>
    </message>
    <message>
        <source>called unlike memory</source>
        <translation>判為與記憶不符</translation>
    </message>
    <message>
        <source>change</source>
        <translation>改變</translation>
    </message>
    <message>
        <source>children under 18</source>
        <translation>未滿 18 歲兒童</translation>
    </message>
    <message>
        <source>chosen by age {age}</source>
        <translation>依年齡 {age} 歲選用</translation>
    </message>
    <message>
        <source>chosen by you</source>
        <translation>由您選擇</translation>
    </message>
    <message>
        <source>could not be read, or are not for the detector</source>
        <translation>無法讀取，或不適用於偵測模型</translation>
    </message>
    <message>
        <source>count</source>
        <translation>張數</translation>
    </message>
    <message>
        <source>deflate coded</source>
        <translation>deflate 編碼</translation>
    </message>
    <message>
        <source>discriminator</source>
        <translation>鑑別器</translation>
    </message>
    <message>
        <source>elsewhere</source>
        <translation>位置不符</translation>
    </message>
    <message>
        <source>far less normal than the others</source>
        <translation>遠不如其他影像正常</translation>
    </message>
    <message>
        <source>file</source>
        <translation>檔案</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>資料夾</translation>
    </message>
    <message>
        <source>former weights</source>
        <translation>原權重</translation>
    </message>
    <message>
        <source>further images of a patient</source>
        <translation>同一病人的其他影像</translation>
    </message>
    <message>
        <source>how many is not known</source>
        <translation>數量不明</translation>
    </message>
    <message>
        <source>images</source>
        <translation>影像</translation>
    </message>
    <message>
        <source>in the patient</source>
        <translation>病人體內平面</translation>
    </message>
    <message>
        <source>lesion logit</source>
        <translation>病灶評分</translation>
    </message>
    <message>
        <source>lesion map</source>
        <translation>病灶圖</translation>
    </message>
    <message>
        <source>line</source>
        <translation>界線</translation>
    </message>
    <message>
        <source>lossless JPEG</source>
        <translation>無損 JPEG</translation>
    </message>
    <message>
        <source>lower left of the picture</source>
        <translation>影像左下方</translation>
    </message>
    <message>
        <source>lower middle of the picture</source>
        <translation>影像下方中央</translation>
    </message>
    <message>
        <source>lower right of the picture</source>
        <translation>影像右下方</translation>
    </message>
    <message>
        <source>lower zone between front and back</source>
        <translation>前後之間的下肺野</translation>
    </message>
    <message>
        <source>lower zone near the midline</source>
        <translation>近中線的下肺野高度</translation>
    </message>
    <message>
        <source>magnified</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>magnified by {factor}</source>
        <translation>放大 {factor} 倍</translation>
    </message>
    <message>
        <source>median</source>
        <translation>中位數</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>記憶距離</translation>
    </message>
    <message>
        <source>mid zone between front and back</source>
        <translation>前後之間的中肺野</translation>
    </message>
    <message>
        <source>mid zone near the midline</source>
        <translation>近中線的中肺野高度</translation>
    </message>
    <message>
        <source>middle left of the picture</source>
        <translation>影像左側中段</translation>
    </message>
    <message>
        <source>middle of the picture</source>
        <translation>影像中央</translation>
    </message>
    <message>
        <source>middle right of the picture</source>
        <translation>影像右側中段</translation>
    </message>
    <message>
        <source>more than are needed</source>
        <translation>超出所需</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>normal / abnormal</source>
        <translation>正常／異常</translation>
    </message>
    <message>
        <source>normal ones below (specificity)</source>
        <translation>低於此線的正常影像（特異度）</translation>
    </message>
    <message>
        <source>normals beyond it, as fitted</source>
        <translation>校準時超過此線的正常影像</translation>
    </message>
    <message>
        <source>not compressed</source>
        <translation>未壓縮</translation>
    </message>
    <message>
        <source>on adults: other weights are made for them.</source>
        <translation>成人：另有為成人製作的權重。</translation>
    </message>
    <message>
        <source>on children: other weights are made for them.</source>
        <translation>兒童：另有為兒童製作的權重。</translation>
    </message>
    <message>
        <source>on lateral views, other parts of the body, animals or other kinds of picture;</source>
        <translation>側面像、身體其他部位、動物或其他種類的影像；</translation>
    </message>
    <message>
        <source>patch</source>
        <translation>區塊</translation>
    </message>
    <message>
        <source>patient&apos;s left lower zone</source>
        <translation>病人左側下肺野</translation>
    </message>
    <message>
        <source>patient&apos;s left mid zone</source>
        <translation>病人左側中肺野</translation>
    </message>
    <message>
        <source>patient&apos;s left upper zone</source>
        <translation>病人左側上肺野</translation>
    </message>
    <message>
        <source>patient&apos;s right lower zone</source>
        <translation>病人右側下肺野</translation>
    </message>
    <message>
        <source>patient&apos;s right mid zone</source>
        <translation>病人右側中肺野</translation>
    </message>
    <message>
        <source>patient&apos;s right upper zone</source>
        <translation>病人右側上肺野</translation>
    </message>
    <message>
        <source>patients of another age</source>
        <translation>其他年齡層的病人</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>影像</translation>
    </message>
    <message>
        <source>posterior lower zone</source>
        <translation>後側下肺野</translation>
    </message>
    <message>
        <source>posterior mid zone</source>
        <translation>後側中肺野</translation>
    </message>
    <message>
        <source>posterior upper zone</source>
        <translation>後側上肺野</translation>
    </message>
    <message>
        <source>resemble nothing in memory</source>
        <translation>與記憶中的一切都不相似</translation>
    </message>
    <message>
        <source>right</source>
        <translation>應有值</translation>
    </message>
    <message>
        <source>run-length coded</source>
        <translation>RLE 編碼</translation>
    </message>
    <message>
        <source>score from</source>
        <translation>分數起點</translation>
    </message>
    <message>
        <source>should it be?</source>
        <translation>應否認出？</translation>
    </message>
    <message>
        <source>something near the chest</source>
        <translation>胸部附近部位</translation>
    </message>
    <message>
        <source>something unknown</source>
        <translation>不明部位</translation>
    </message>
    <message>
        <source>source</source>
        <translation>來源</translation>
    </message>
    <message>
        <source>texture coarse</source>
        <translation>粗紋理</translation>
    </message>
    <message>
        <source>texture pattern</source>
        <translation>紋理樣式</translation>
    </message>
    <message>
        <source>texture residual</source>
        <translation>紋理殘差</translation>
    </message>
    <message>
        <source>texture symmetry</source>
        <translation>紋理對稱性</translation>
    </message>
    <message>
        <source>the finding is accepted</source>
        <translation>接受此發現</translation>
    </message>
    <message>
        <source>the finding is rejected</source>
        <translation>否定此發現</translation>
    </message>
    <message>
        <source>the whole study is called normal</source>
        <translation>整筆檢查判為正常</translation>
    </message>
    <message>
        <source>these weights</source>
        <translation>這組權重</translation>
    </message>
    <message>
        <source>to call a chest normal: a low score does not say so;</source>
        <translation>判定胸部為正常：低分並不代表正常；</translation>
    </message>
    <message>
        <source>to diagnose, treat or triage patients, or to leave an image unread;</source>
        <translation>診斷、治療病人或為病人檢傷分流，或因此不判讀某張影像；</translation>
    </message>
    <message>
        <source>top-k {top_k}, shrinkage {shrinkage}, gate {gate}</source>
        <translation>top-k {top_k}，收縮 {shrinkage}，閘控 {gate}</translation>
    </message>
    <message>
        <source>unlike memory</source>
        <translation>與記憶不符</translation>
    </message>
    <message>
        <source>upper left of the picture</source>
        <translation>影像左上方</translation>
    </message>
    <message>
        <source>upper middle of the picture</source>
        <translation>影像上方中央</translation>
    </message>
    <message>
        <source>upper right of the picture</source>
        <translation>影像右上方</translation>
    </message>
    <message>
        <source>upper zone between front and back</source>
        <translation>前後之間的上肺野</translation>
    </message>
    <message>
        <source>upper zone near the midline</source>
        <translation>近中線的上肺野高度</translation>
    </message>
    <message>
        <source>what</source>
        <translation>項目</translation>
    </message>
    <message>
        <source>worst</source>
        <translation>最差</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>{count} file</source>
        <translation>{count} 個檔案</translation>
    </message>
    <message>
        <source>{count} files</source>
        <translation>{count} 個檔案</translation>
    </message>
    <message>
        <source>{count} images</source>
        <translation>{count} 張影像</translation>
    </message>
    <message>
        <source>{data} Adapted to {count} normal images of {count2} patients of one place.</source>
        <translation>{data} 已以某處 {count2} 位病人的 {count} 張正常影像調適。</translation>
    </message>
    <message>
        <source>{in_words} Until it is mended nothing is sent, fetched or listened to. Tell your administrator.</source>
        <translation>{in_words} 修復之前，不傳送、不擷取，也不接受連線。請通知您的系統管理員。</translation>
    </message>
    <message>
        <source>{name} could not be written: {strerror}.</source>
        <translation>無法寫入 {name}：{strerror}。</translation>
    </message>
    <message>
        <source>{name} holds no results of squid triage.</source>
        <translation>{name} 的內容不是 squid triage 的結果。</translation>
    </message>
    <message>
        <source>{name} is there already.</source>
        <translation>{name} 已存在。</translation>
    </message>
    <message>
        <source>{patches} patches, {slots} entries each</source>
        <translation>{patches} 個區塊，各 {slots} 個條目</translation>
    </message>
    <message>
        <source>{path} was taken off the list of what was opened last; open it where it lies now.</source>
        <translation>{path} 已從最近開啟的清單移除；請從它目前的位置開啟。</translation>
    </message>
    <message>
        <source>{peer} did not take {refused} of the results.</source>
        <translation>{peer} 未接收其中 {refused} 份結果。</translation>
    </message>
    <message>
        <source>{raw} of {raw2} images look like no normal chest X-ray.</source>
        <translation>{raw2} 張影像中有 {raw} 張不像正常的胸部X光影像。</translation>
    </message>
    <message>
        <source>{refused} of {objects} objects were refused.</source>
        <translation>{objects} 個物件中有 {refused} 個遭拒收。</translation>
    </message>
    <message>
        <source>{said} Mend or remove {name}; until then nothing is sent, fetched or listened to.</source>
        <translation>{said} 請修復或移除 {name}；在此之前不傳送、不擷取，也不接受連線。</translation>
    </message>
    <message>
        <source>{weights_name} should lie beside its card.</source>
        <translation>{weights_name} 應與其模型卡放在一起。</translation>
    </message>
</context>
</TS>
